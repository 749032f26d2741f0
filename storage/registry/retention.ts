import type { Manifest } from "../../core/manifests/manifest.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { ObjectInfo } from "../object-store/object-store.ts";
import { namedObjects } from "./named-objects.ts";
import { manifestKey } from "./reader.ts";

export const DAY_MS = 86_400_000;

/** What is kept. A manifest is retained if it is among the newest, or young, or made an entry of a retained one. */
export interface RetentionRules {
  /** The newest manifests, at least 1. */
  readonly keep: number;
  /** Manifests younger than this many days. */
  readonly days: number;
  /** Objects changed within this many days are left alone, for a run under way may be about to name them. */
  readonly graceDays: number;
}

export const DEFAULT_RETENTION: RetentionRules = { keep: 30, days: 30, graceDays: 7 };

/** No run lasts this long after it has written its first object. Twice {@link TOUCH_AFTER_MS} of storage/object-store/immutable.ts. */
export const MIN_GRACE_DAYS = 2;

/** @throws {InvalidInputError} naming the rule that is none */
export function checkRetention(rules: RetentionRules): RetentionRules {
  const least: RetentionRules = { keep: 1, days: 0, graceDays: MIN_GRACE_DAYS };
  for (const name of Object.keys(least) as (keyof RetentionRules)[]) {
    const value = rules[name];
    const usable = typeof value === "number" && value >= least[name] && value <= 100_000 && (name !== "keep" || Number.isInteger(value));
    if (!usable) throw new InvalidInputError(`${name} is ${JSON.stringify(value)}, but should be a number of at least ${least[name]}`);
  }
  return rules;
}

/** What the collection needs to know of a manifest. */
export interface ManifestSummary {
  readonly version: string;
  readonly createdAt: number;
  /** Manifests that made its entries. */
  readonly since: readonly string[];
  /** Keys of the objects that it names. */
  readonly names: readonly string[];
}

export function summarise(manifest: Manifest): ManifestSummary {
  return {
    version: manifest.version,
    createdAt: Date.parse(manifest.createdAt),
    since: [...new Set(Object.values(manifest.symbols).map(({ since }) => since))],
    names: namedObjects(manifest).map(({ key }) => key),
  };
}

const DIGEST = "[0-9a-f]{64}";
/** What may be deleted at all, by kind; candles, revisions and whatever isn't listed here never are. */
const COLLECTABLE: readonly (readonly [kind: string, key: RegExp])[] = [
  ["models", new RegExp(`^models/${DIGEST}\\.(json|arrow)$`)],
  ["evaluations", new RegExp(`^evaluations/${DIGEST}\\.(parquet|json)$`)],
  ["features", new RegExp(`^data/features/symbol=[A-Z0-9]{1,15}/${DIGEST}\\.(arrow|json)$`)],
  ["reports", new RegExp(`^reports/${DIGEST}\\.json$`)],
  ["manifests", /^manifests\/\d{8}T\d{6}Z-[0-9a-f]{8}\.json$/],
  ["probes", /^probes\/[0-9a-f-]{36}$/],
];
export const COLLECTED_PREFIXES: readonly string[] = ["data/features/", "evaluations/", "manifests/", "models/", "probes/", "reports/"];

/** The kind of an object that may be deleted; null where it never is. */
export function collectableKind(key: string): string | null {
  return COLLECTABLE.find(([, pattern]) => pattern.test(key))?.[0] ?? null;
}

export interface CollectionFacts {
  /** Every published manifest, the newest first. */
  readonly chain: readonly ManifestSummary[];
  /** Manifests that the chain lacks: about to be published, or left behind by a lost race. */
  readonly strays: readonly ManifestSummary[];
  /** A manifest of the chain names one before that is gone, so that strays may be older parts of the chain. */
  readonly broken: boolean;
  readonly objects: readonly ObjectInfo[];
  /** ms since the epoch */
  readonly now: number;
}

export interface CollectionPlan {
  /** Versions whose objects are all kept. */
  readonly retained: readonly string[];
  /** What no retained manifest names, old enough. */
  readonly deletable: readonly ObjectInfo[];
  /** Unnamed, but too young. */
  readonly young: number;
}

/** Decides what is deleted. The manifests of the chain themselves stay: each names the one before, and can be reproduced. */
export function planCollection({ chain, strays, broken, objects, now }: CollectionFacts, rules: RetentionRules): CollectionPlan {
  const retained = new Set(
    chain.filter(({ createdAt }, i) => i < rules.keep || createdAt > now - rules.days * DAY_MS).map(({ version }) => version),
  );
  const byVersion = new Map(chain.map((summary) => [summary.version, summary]));
  // A set grows while it is walked, so what is added is walked too.
  for (const version of retained) for (const since of byVersion.get(version)?.since ?? []) if (byVersion.has(since)) retained.add(since);
  const isYoung = ({ lastModified }: ObjectInfo) => lastModified > now - rules.graceDays * DAY_MS;
  const youngKeys = new Set(objects.filter(isYoung).map(({ key }) => key));
  const roots = [
    ...[...retained].map((version) => byVersion.get(version) as ManifestSummary),
    ...strays.filter(({ version }) => broken || youngKeys.has(manifestKey(version))),
  ];
  const named = new Set(roots.flatMap(({ names }) => names));
  for (const { version } of broken ? [...chain, ...strays] : chain) named.add(manifestKey(version));
  const unnamed = objects.filter(({ key }) => collectableKind(key) !== null && !named.has(key));
  const deletable = unnamed.filter(({ key }) => !youngKeys.has(key));
  return { retained: [...retained], deletable, young: unnamed.length - deletable.length };
}
