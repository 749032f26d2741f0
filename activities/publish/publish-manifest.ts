import { candleFeatureSet } from "../../core/features/feature-set.ts";
import { type Decisions, sumUpDecisions } from "../../core/manifests/decisions.ts";
import type { Manifest, ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { OWN_VERSION, sealVersion } from "../../core/manifests/seal-version.ts";
import { markFresh, markStale } from "../../core/manifests/staleness.ts";
import { mainChampion, settleChampions } from "../../core/serving/champion.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { readJson } from "../../storage/object-store/json-objects.ts";
import { assertStored } from "../../storage/registry/named-objects.ts";
import { publish } from "../../storage/registry/publish.ts";
import { manifestKey, readLatest } from "../../storage/registry/reader.ts";
import { readSnapshot, type Snapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import type { PipelineResult, Universe } from "../../workflows/contract.ts";
import type { TrainedGroup } from "../../workflows/plan.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Assessment, ReportRefs } from "../train/assess-group.ts";
import { trainingDigest } from "../train/plan-training.ts";
import { currentRuntime } from "./runtime.ts";

export interface PublishManifestInput {
  readonly asOf: string;
  readonly createdAt: string;
  readonly interval: Interval;
  readonly horizon: number;
  readonly workflow: { readonly id: string; readonly runId: string };
  readonly symbols: readonly { readonly symbol: string; readonly error: string | null; readonly snapshot: ObjectRef | null }[];
  readonly groups: readonly TrainedGroup[];
  /** Where the coins were ranked: those of the newest manifest that left are stale from now on. */
  readonly universe: Universe | null;
}

export interface PublishedManifest {
  readonly manifest: PipelineResult["manifest"];
  readonly summary: string;
  /** On the symbols of this run; null where there is no manifest. */
  readonly decisions: Decisions | null;
}

type SymbolNews = { readonly symbol: string; readonly error: string | null; readonly snapshot: Snapshot | null };

/**
 * Publishes what a run found: new entries for what was trained, former ones for the rest, stale where the symbol
 * failed. Publishes nothing where nothing differs from the newest manifest.
 */
export async function publishManifest(
  { store, codeVersion }: ActivityDependencies,
  input: PublishManifestInput,
): Promise<PublishedManifest> {
  const news: SymbolNews[] = [];
  for (const { symbol, error, snapshot } of input.symbols) {
    news.push({ symbol, error, snapshot: snapshot ? await readSnapshot(store, snapshot) : null });
  }
  const assessments = new Map<string, Assessment>();
  for (const group of input.groups) assessments.set(group.key, await readJson<Assessment>(store, group.assessment));
  const reports = new Map<string, ReportRefs>();
  for (const { key, reports: ref } of input.groups) if (ref) reports.set(key, await readJson<ReportRefs>(store, ref));

  const build = (previous: Manifest | null): Manifest => {
    return sealVersion({
      schema: "candlecast.manifest/1",
      previous: previous?.version ?? null,
      createdAt: input.createdAt,
      asOf: input.asOf,
      workflow: input.workflow,
      codeVersion,
      runtime: currentRuntime(),
      interval: input.interval,
      horizon: input.horizon,
      featureSet: { name: candleFeatureSet.name, digest: candleFeatureSet.digest },
      symbols: buildEntries(previous, { news, input, assessments, reports }),
    });
  };

  const latest = (await readLatest(store))?.manifest ?? null;
  if (latest?.workflow.runId !== input.workflow.runId) {
    const entries = buildEntries(latest, { news, input, assessments, reports });
    if (Object.keys(entries).length === 0)
      return { manifest: null, summary: "Nothing was published: no symbol has a model.", decisions: null };
    if (latest && JSON.stringify(entries) === JSON.stringify(latest.symbols)) {
      return {
        manifest: { version: latest.version, key: manifestKey(latest.version), published: false },
        summary: `Nothing new since manifest ${latest.version}.`,
        decisions: decisionsOf(latest, input),
      };
    }
  }
  await assertStored(store, newObjects(news, input.groups, reports));
  const { manifest } = await publish(store, build);
  const fresh = Object.values(manifest.symbols).filter(({ status }) => status === "fresh").length;
  return {
    manifest: { version: manifest.version, key: manifestKey(manifest.version), published: true },
    summary: `Published manifest ${manifest.version}: ${fresh} of ${Object.keys(manifest.symbols).length} symbols fresh.`,
    decisions: decisionsOf(manifest, input),
  };
}

/** What this run's entries will name: looked for once more, so that no manifest names what is gone. */
function newObjects(news: readonly SymbolNews[], groups: readonly TrainedGroup[], reports: ReadonlyMap<string, ReportRefs>): ObjectRef[] {
  const trained = new Set(groups.flatMap(({ symbols }) => symbols));
  const features = news.flatMap(({ symbol, snapshot }) => (snapshot && trained.has(symbol) ? [snapshot.features] : []));
  const reported = [...reports.values()].flatMap((refs) => Object.values(refs));
  return [...features, ...reported, ...groups.flatMap(({ evaluation, models }) => [evaluation, ...models.map(({ file }) => file)])];
}

function decisionsOf({ symbols }: Manifest, input: PublishManifestInput): Decisions {
  return sumUpDecisions(input.symbols.flatMap(({ symbol }) => symbols[symbol] ?? []));
}

/** Entries that this run says nothing of stay; those of another interval or horizon are stale from now on. */
function formerEntries(
  previous: Manifest | null,
  { interval, horizon }: Pick<PublishManifestInput, "interval" | "horizon">,
): Record<string, SymbolEntry> {
  if (!previous || (previous.interval === interval && previous.horizon === horizon)) return { ...previous?.symbols };
  const made = { interval: previous.interval, horizon: previous.horizon };
  const stale = { code: "other_settings", made, runs: { interval, horizon } } as const;
  return Object.fromEntries(
    Object.entries(previous.symbols).map(([symbol, entry]) => [symbol, entry.status === "stale" ? entry : markStale(entry, stale)]),
  );
}

interface Findings {
  readonly news: readonly SymbolNews[];
  readonly input: PublishManifestInput;
  /** by group */
  readonly assessments: ReadonlyMap<string, Assessment>;
  /** by group */
  readonly reports: ReadonlyMap<string, ReportRefs>;
}

function buildEntries(previous: Manifest | null, { news, input, assessments, reports }: Findings): Record<string, SymbolEntry> {
  const { groups } = input;
  const entries = formerEntries(previous, input);
  for (const { symbol, error, snapshot } of news) {
    const former = previous?.symbols[symbol];
    const trained = groups.filter(({ symbols }) => symbols.includes(symbol));
    if (snapshot && trained.length > 0) entries[symbol] = newEntry(snapshot, trained, { assessments, reports });
    else if (snapshot && former) entries[symbol] = former.status === "fresh" ? former : markFresh(former);
    else if (former) entries[symbol] = markStale(former, { code: "run_failed", error });
  }
  const { universe } = input;
  for (const { symbol, rank } of universe?.left ?? []) {
    const former = entries[symbol];
    if (!universe || !former || news.some((item) => item.symbol === symbol)) continue;
    const { top, by, source } = universe;
    entries[symbol] = markStale(former, { code: "left_universe", rank, top, by, source });
  }
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function newEntry(
  snapshot: Snapshot,
  trained: readonly TrainedGroup[],
  { assessments, reports }: Pick<Findings, "assessments" | "reports">,
): SymbolEntry {
  const models = trained.flatMap((group): ModelEntry[] => {
    const files = new Map(group.models.map(({ algorithm, file }) => [algorithm as string, file]));
    return (assessments.get(group.key)?.[snapshot.symbol] ?? []).map((model) => ({ ...model, file: files.get(model.name) ?? null }));
  });
  const settled = settleChampions(models);
  const serving = mainChampion(settled);
  const reported = trained.find(({ scope }) => scope === serving?.scope) ?? trained[0];
  const groups = trained.map(({ digest, symbols }) => ({ digest, members: symbols.map((symbol) => ({ symbol })) }));
  return {
    symbol: snapshot.symbol,
    source: snapshot.source,
    simulated: snapshot.simulated,
    status: "fresh",
    staleReason: null,
    since: OWN_VERSION,
    candles: snapshot.candles,
    features: snapshot.features,
    trainingDigest: trainingDigest(snapshot.symbol, groups),
    evaluation: trained[0].evaluation,
    report: reports.get(reported.key)?.[snapshot.symbol] ?? null,
    models: settled,
  };
}
