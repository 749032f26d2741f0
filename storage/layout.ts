import { VERSION_PATTERN } from "../core/manifests/manifest-version.ts";
import { DIGEST_PATTERN } from "../core/vocabulary/digest.ts";
import { INTERVALS, type Interval } from "../core/vocabulary/interval.ts";
import { SYMBOL_PATTERN } from "../core/vocabulary/symbol.ts";

/**
 * When garbage collection may delete an object that is older than the grace period:
 * `never`; `unnamed`, once no retained manifest names it; `unpublished`, what is of a manifest that the published chain lacks.
 */
export type CollectionRule = "never" | "unnamed" | "unpublished";

interface ObjectKindRow {
  /** The object's key; each `{part}` is one of {@link PARTS}. */
  readonly key: string;
  /** Where objects of this kind were before; they are still read there. */
  readonly formerKey?: string;
  readonly collect: CollectionRule;
}

/** Every kind of object in the store: where it lies, and whether it may be deleted. To add a kind, add a row. */
export const OBJECT_KINDS = {
  /** One row per candle, its newest fetch. */
  candles: {
    key: "data/candles/interval={interval}/coin={symbol}/{period}.parquet",
    formerKey: "data/candles/interval={interval}/symbol={symbol}/{period}.parquet",
    collect: "never",
  },
  /** Versions of candles that a later fetch replaced, outside the folder that has one row per candle. */
  revisions: {
    key: "data/revisions/interval={interval}/coin={symbol}/{period}.parquet",
    formerKey: "data/revisions/interval={interval}/symbol={symbol}/{period}.parquet",
    collect: "never",
  },
  features: { key: "data/features/symbol={symbol}/{digest}.arrow", collect: "unnamed" },
  /** What a run knew of a symbol before training; only the run's history names it. */
  snapshots: { key: "data/features/symbol={symbol}/{digest}.json", collect: "unnamed" },
  models: { key: "models/{digest}.json", collect: "unnamed" },
  /** A model's typed arrays, beside the model. */
  modelArrays: { key: "models/{digest}.arrow", collect: "unnamed" },
  evaluations: { key: "evaluations/{digest}.parquet", collect: "unnamed" },
  /** How a group's models were judged; only the run's history names it. */
  assessments: { key: "evaluations/{digest}.json", collect: "unnamed" },
  /** A symbol's report, or the list of a group's reports. */
  reports: { key: "reports/{digest}.json", collect: "unnamed" },
  manifests: { key: "manifests/{version}.json", collect: "unpublished" },
  /** Names the newest manifest. */
  pointer: { key: "manifests/latest.json", collect: "never" },
  /** What a manifest forecasts, one row per model and target candle. */
  forecasts: { key: "predictions/forecasts/{version}.parquet", collect: "unpublished" },
  /** How forecasts came out, by the period of their target candles. */
  outcomes: { key: "predictions/outcomes/interval={interval}/coin={symbol}/{period}.parquet", collect: "never" },
  /** Which forecasts wait for their candles. */
  scoringState: { key: "predictions/scoring.json", collect: "never" },
  /** A part of a list that is too long to travel through Temporal; only a run's history names it. */
  lists: { key: "runs/lists/{digest}.json", collect: "unnamed" },
  /** The windows that a backfill fetches; only the backfill's history names it. */
  backfillPlans: { key: "backfills/plans/{digest}.json", collect: "unnamed" },
  /** What backfills asked for and when. */
  backfillLedgers: { key: "backfills/ledgers/interval={interval}/symbol={symbol}.json", collect: "never" },
  /** Left by a killed check of the store's conditional puts. */
  probes: { key: "probes/{uuid}", collect: "unnamed" },
} as const satisfies Readonly<Record<string, ObjectKindRow>>;

export type ObjectKind = keyof typeof OBJECT_KINDS;

/** What each part of a key looks like. */
const PARTS = {
  interval: new RegExp(`^(${INTERVALS.join("|")})$`),
  symbol: SYMBOL_PATTERN,
  period: /^(year=\d{4}|month=\d{4}-\d\d|day=\d{4}-\d\d-\d\d)$/,
  /** sha256 of the object's bytes */
  digest: DIGEST_PATTERN,
  version: VERSION_PATTERN,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
} as const satisfies Readonly<Record<string, RegExp>>;

type PartName = keyof typeof PARTS;
type PartTypes = { readonly [Name in PartName]: Name extends "interval" ? Interval : string };
type NamesIn<Key extends string> = Key extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never;

/** The parts of a kind's key, as `{ symbol, digest }`. */
export type KeyParts<Kind extends ObjectKind> = Pick<PartTypes, Extract<NamesIn<(typeof OBJECT_KINDS)[Kind]["key"]>, PartName>>;

/** The part of a candle file's key that names its time span: a year of `1d`, a month of `1h`, a day of `1m`. Periods sort by time. */
export function periodOf(interval: Interval, openTime: number): string {
  const day = new Date(openTime).toISOString().slice(0, 10);
  return { "1d": `year=${day.slice(0, 4)}`, "1h": `month=${day.slice(0, 7)}`, "1m": `day=${day}` }[interval];
}

/** The key of an object. The parts are taken as they are. */
export function keyOf<Kind extends ObjectKind>(kind: Kind, parts: KeyParts<Kind>): string {
  return fillKey(OBJECT_KINDS[kind].key, parts);
}

/** What the keys of a kind begin with, up to the first part that isn't given: all of them, or those of one symbol. */
export function prefixOf<Kind extends ObjectKind>(kind: Kind, parts: Partial<KeyParts<Kind>> = {}): string {
  return fillKey(OBJECT_KINDS[kind].key, parts).replace(/\{.*/, "");
}

/** The parts of a key, former ones included; null where it isn't the key of such an object. */
export function partsOf<Kind extends ObjectKind>(kind: Kind, key: string): KeyParts<Kind> | null {
  const parts = MATCHERS[kind].exec(key) ?? FORMER_MATCHERS[kind]?.exec(key);
  if (!parts) return null;
  const named = Object.entries(parts.groups ?? {});
  return named.every(([name, value]) => PARTS[name as PartName].test(value)) ? (Object.fromEntries(named) as KeyParts<Kind>) : null;
}

/** The kind of an object; null where nothing of this system has such a key. */
export function kindOf(key: string): ObjectKind | null {
  return KINDS.find((kind) => partsOf(kind, key) !== null) ?? null;
}

/** The key that an object has now, of its former one; any other key as it is. */
export function currentKey(key: string): string {
  const kind = kindOf(key);
  const parts = kind && partsOf(kind, key);
  return kind && parts ? keyOf(kind, parts) : key;
}

/** The key that an object had before; null where its kind was never elsewhere. */
export function formerKey(key: string): string | null {
  const kind = kindOf(key);
  const parts = kind && partsOf(kind, key);
  const former = kind && rowOf(kind).formerKey;
  return former && parts ? fillKey(former, parts) : null;
}

/** A prefix of current keys of a kind as a prefix of their former ones: as far as their folders' names are whole. */
export function formerPrefix(kind: ObjectKind, prefix: string): string | null {
  const former = rowOf(kind).formerKey?.split("/");
  if (!former) return null;
  const names = (folder: string) => folder.replace(/\{.*/, "");
  const folders = OBJECT_KINDS[kind].key.split("/");
  const given = prefix.split("/");
  const whole = given.map((folder, i) =>
    folder.startsWith(names(folders[i] ?? "")) ? names(former[i] ?? "") + folder.slice(names(folders[i] ?? "").length) : null,
  );
  const end = whole.indexOf(null);
  return end < 0 ? whole.join("/") : [...whole.slice(0, end), ""].join("/");
}

/** What the former keys of a kind begin with; null where it was never elsewhere. */
export function formerPrefixOf<Kind extends ObjectKind>(kind: Kind, parts: Partial<KeyParts<Kind>> = {}): string | null {
  const former = rowOf(kind).formerKey;
  return former ? fillKey(former, parts).replace(/\{.*/, "") : null;
}

/** The kinds that were elsewhere before. */
export function movedKinds(): ObjectKind[] {
  return KINDS.filter((kind) => rowOf(kind).formerKey);
}

const KINDS = Object.keys(OBJECT_KINDS) as ObjectKind[];

const rowOf = (kind: ObjectKind): ObjectKindRow => OBJECT_KINDS[kind];

/** Any key with a kind's parts in their places, whatever they look like. */
const matcherOf = (key: string) => new RegExp(`^${key.replaceAll(".", "\\.").replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`);
const MATCHERS = Object.fromEntries(KINDS.map((kind) => [kind, matcherOf(OBJECT_KINDS[kind].key)])) as Readonly<Record<ObjectKind, RegExp>>;
const FORMER_MATCHERS = Object.fromEntries(
  KINDS.flatMap((kind) => {
    const former = rowOf(kind).formerKey;
    return former ? [[kind, matcherOf(former)]] : [];
  }),
) as Readonly<Partial<Record<ObjectKind, RegExp>>>;

function fillKey(key: string, parts: Readonly<Record<string, string | undefined>>): string {
  return key.replace(/\{(\w+)\}/g, (hole, name: string) => parts[name] ?? hole);
}
