import type { Manifest } from "../../core/manifests/manifest.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { type CollectionRule, keyOf, kindOf, OBJECT_KINDS, type ObjectKind, partsOf, prefixOf } from "../layout.ts";
import { TOUCH_AFTER_MS } from "../object-store/immutable.ts";
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
  /** Objects written within this many days are left alone, because a run under way may be about to name them. */
  readonly graceDays: number;
}

export const DEFAULT_RETENTION: RetentionRules = { keep: 30, days: 30, graceDays: 7 };

/**
 * A run must name what it wrote, or found stored, before it is this old. What a run finds is at most half as old, for older
 * objects are written again.
 */
export const MIN_GRACE_DAYS = (2 * TOUCH_AFTER_MS) / DAY_MS;

/** @throws {InvalidInputError} naming the rule whose value is not valid */
export function checkRetention(rules: RetentionRules): RetentionRules {
  const least: RetentionRules = { keep: 1, days: 0, graceDays: MIN_GRACE_DAYS };
  for (const name of Object.keys(least) as (keyof RetentionRules)[]) {
    const value = rules[name];
    const usable = typeof value === "number" && value >= least[name] && value <= 100_000 && (name !== "keep" || Number.isInteger(value));
    if (!usable) throw new InvalidInputError(`${name} is ${JSON.stringify(value)}, but should be a number of at least ${least[name]}`);
  }
  return rules;
}

/** What garbage collection needs to know of a manifest. */
export interface ManifestSummary {
  readonly version: string;
  /** ms since the epoch */
  readonly createdAt: number;
  /** Versions of the manifests that made its entries. */
  readonly since: readonly string[];
  /** Keys of the immutable objects that it names. */
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

/** The kind of an object that may be deleted; null for one that never is, or that is of no known kind. */
export function collectableKind(key: string): ObjectKind | null {
  const kind = kindOf(key);
  return kind !== null && OBJECT_KINDS[kind].collect !== "never" ? kind : null;
}

/** What the keys of all objects that may be deleted begin with. */
export function collectablePrefixes(): string[] {
  const kinds = (Object.keys(OBJECT_KINDS) as ObjectKind[]).filter((kind) => OBJECT_KINDS[kind].collect !== "never");
  return [...new Set(kinds.map((kind) => prefixOf(kind)))].sort();
}

/** Keys of the objects that a rule keeps. */
type Kept = Readonly<Record<Exclude<CollectionRule, "never">, ReadonlySet<string>>>;

/** Whether the rule of its kind lets go of an object, once it is old. */
function isUnwanted(key: string, kept: Kept): boolean {
  const kind = kindOf(key);
  const rule = kind === null ? "never" : OBJECT_KINDS[kind].collect;
  return rule !== "never" && !kept[rule].has(key);
}

export interface CollectionFacts {
  /** The published manifests, newest first. */
  readonly chain: readonly ManifestSummary[];
  /** Manifests outside the chain: about to be published, or left by a lost race. */
  readonly strays: readonly ManifestSummary[];
  /** Whether the chain names a manifest that is gone: then strays may be older parts of the chain. */
  readonly broken: boolean;
  readonly objects: readonly ObjectInfo[];
  /** ms since the epoch */
  readonly now: number;
}

export interface CollectionPlan {
  /** Versions whose objects are all kept. */
  readonly retained: readonly string[];
  /** Objects that nothing keeps and that are older than the grace period. */
  readonly deletable: readonly ObjectInfo[];
  /** Objects that nothing keeps, but that are too young. */
  readonly young: number;
}

/** Decides what is deleted. All manifests of the chain stay: each names the one before it, and can be reproduced. */
export function planCollection({ chain, strays, broken, objects, now }: CollectionFacts, rules: RetentionRules): CollectionPlan {
  const retained = new Set(
    chain.filter(({ createdAt }, i) => i < rules.keep || createdAt > now - rules.days * DAY_MS).map(({ version }) => version),
  );
  const byVersion = new Map(chain.map((summary) => [summary.version, summary]));
  // The loop also visits what is added to the set while it runs.
  for (const version of retained) for (const since of byVersion.get(version)?.since ?? []) if (byVersion.has(since)) retained.add(since);
  const isYoung = ({ lastModified }: ObjectInfo) => lastModified > now - rules.graceDays * DAY_MS;
  const youngKeys = new Set(objects.filter(isYoung).map(({ key }) => key));
  const roots = [
    ...[...retained].map((version) => byVersion.get(version) as ManifestSummary),
    ...strays.filter(({ version }) => broken || youngKeys.has(manifestKey(version))),
  ];
  const published = broken ? [...chain, ...strays] : chain;
  // A broken chain doesn't tell which forecasts were published.
  const forecasts = objects.filter(({ key }) => broken && partsOf("forecasts", key)).map(({ key }) => key);
  const kept = {
    unnamed: new Set(roots.flatMap(({ names }) => names)),
    unpublished: new Set([
      ...published.map(({ version }) => manifestKey(version)),
      ...[...published, ...roots].map(({ version }) => keyOf("forecasts", { version })),
      ...forecasts,
    ]),
  };
  const unwanted = objects.filter(({ key }) => isUnwanted(key, kept));
  const deletable = unwanted.filter(({ key }) => !youngKeys.has(key));
  return { retained: [...retained], deletable, young: unwanted.length - deletable.length };
}
