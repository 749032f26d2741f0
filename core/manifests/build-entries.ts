import { hasEnded } from "../candles/gaps.ts";
import type { Assessment } from "../evaluation/assess.ts";
import { trainingDigest } from "../evaluation/training-groups.ts";
import { mainChampion, settleChampions } from "../serving/champion.ts";
import type { Universe } from "../universe/universe.ts";
import { type Interval, intervalMs, lastClosedOpenTime } from "../vocabulary/interval.ts";
import type { Scope } from "../vocabulary/model-names.ts";
import type { ObjectRef } from "../vocabulary/object-ref.ts";
import { isSimulated } from "../vocabulary/symbol.ts";
import type { Manifest, ModelEntry, SymbolEntry } from "./manifest.ts";
import { OWN_VERSION } from "./seal-version.ts";
import { markFresh, markStale } from "./staleness.ts";

/** What a run found out about one symbol. */
export interface SymbolNews {
  readonly symbol: string;
  /** As a sentence; null where it went well. */
  readonly error: string | null;
  /** What its models learn from; null where the symbol failed. */
  readonly facts: Pick<SymbolEntry, "source" | "candles" | "features"> | null;
}

/** A group that a run trained and judged. */
export interface JudgedGroup {
  readonly key: string;
  readonly scope: Scope;
  readonly digest: string;
  readonly symbols: readonly string[];
  readonly models: readonly { readonly algorithm: string; readonly file: ObjectRef }[];
  /** Every out-of-sample prediction of its models. */
  readonly evaluation: ObjectRef;
  readonly assessment: Assessment;
  /** by symbol */
  readonly reports: Readonly<Record<string, ObjectRef>>;
}

export interface Findings {
  readonly interval: Interval;
  /** ISO 8601: candles that had closed then should be there. */
  readonly asOf: string;
  /** candles ahead */
  readonly horizon: number;
  readonly news: readonly SymbolNews[];
  readonly groups: readonly JudgedGroup[];
  /** Where the coins were ranked: those that left are stale from now on. */
  readonly universe: Universe | null;
}

/**
 * The entries of the next manifest, in the order of their symbols: new ones for what was trained, former ones for the rest,
 * stale where the symbol failed or left the universe.
 */
export function buildEntries(previous: Manifest | null, findings: Findings): Record<string, SymbolEntry> {
  const { news, groups, universe, interval, asOf } = findings;
  const newest = lastClosedOpenTime(interval, Date.parse(asOf));
  const entries = formerEntries(previous, findings);
  const members = groups.map((group) => ({ group, symbols: new Set(group.symbols) }));
  const tried = new Set(news.map(({ symbol }) => symbol));
  for (const item of news) {
    const { symbol, error, facts } = item;
    const former = previous?.symbols[symbol];
    const trained = members.filter(({ symbols }) => symbols.has(symbol)).map(({ group }) => group);
    if (facts && trained.length > 0) entries[symbol] = byNewestCandle(newEntry(symbol, facts, trained), newest, interval);
    else if (facts && former) entries[symbol] = byNewestCandle(former, newest, interval);
    else if (former) entries[symbol] = markStale(former, { code: "run_failed", error });
  }
  for (const { symbol, rank } of universe?.left ?? []) {
    const former = entries[symbol];
    if (!universe || !former || tried.has(symbol)) continue;
    const { top, by, source } = universe;
    entries[symbol] = markStale(former, { code: "left_universe", rank, top, by, source });
  }
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** An entry that a run has brought up to date: fresh, unless its candles have ended. @param newest open time, ms UTC */
function byNewestCandle(entry: SymbolEntry, newest: number, interval: Interval): SymbolEntry {
  const { lastOpenTime } = entry.candles;
  const missing = Math.round((newest - Date.parse(lastOpenTime)) / intervalMs(interval));
  if (hasEnded(missing, interval)) return markStale(entry, { code: "candles_ended", lastOpenTime, missing, source: entry.source });
  return entry.status === "fresh" ? entry : markFresh(entry);
}

/** Every object that the new entries will name. */
export function namedByFindings({ news, groups }: Pick<Findings, "news" | "groups">): ObjectRef[] {
  const trained = new Set(groups.flatMap(({ symbols }) => symbols));
  const features = news.flatMap(({ symbol, facts }) => (facts && trained.has(symbol) ? [facts.features] : []));
  const reports = groups.flatMap((group) => Object.values(group.reports));
  return [...features, ...reports, ...groups.flatMap(({ evaluation, models }) => [evaluation, ...models.map(({ file }) => file)])];
}

/** Entries that this run doesn't touch stay; if they are for another interval or horizon, they are stale from now on. */
function formerEntries(
  previous: Manifest | null,
  { interval, horizon }: Pick<Findings, "interval" | "horizon">,
): Record<string, SymbolEntry> {
  if (!previous || (previous.interval === interval && previous.horizon === horizon)) return { ...previous?.symbols };
  const made = { interval: previous.interval, horizon: previous.horizon };
  const stale = { code: "other_settings", made, runs: { interval, horizon } } as const;
  return Object.fromEntries(
    Object.entries(previous.symbols).map(([symbol, entry]) => [symbol, entry.status === "stale" ? entry : markStale(entry, stale)]),
  );
}

function newEntry(symbol: string, facts: NonNullable<SymbolNews["facts"]>, trained: readonly JudgedGroup[]): SymbolEntry {
  const models = trained.flatMap((group): ModelEntry[] => {
    const files = new Map(group.models.map(({ algorithm, file }) => [algorithm, file]));
    return (group.assessment[symbol] ?? []).map((model) => ({ ...model, file: files.get(model.name) ?? null }));
  });
  const settled = settleChampions(models);
  const serving = mainChampion(settled);
  const reported = trained.find(({ scope }) => scope === serving?.scope) ?? trained[0];
  return {
    symbol,
    source: facts.source,
    simulated: isSimulated(symbol),
    status: "fresh",
    staleReason: null,
    since: OWN_VERSION,
    candles: facts.candles,
    features: facts.features,
    trainingDigest: trainingDigest(trained.map(({ digest }) => digest)),
    evaluation: trained[0].evaluation,
    report: reported.reports[symbol] ?? null,
    models: settled,
  };
}
