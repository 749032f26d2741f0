import type { Assessment } from "../../core/evaluation/assess.ts";
import { type FailedTrainings, trainingFailure } from "../../core/evaluation/group-key.ts";
import { candleFeatureSet } from "../../core/features/feature-set.ts";
import { buildEntries, type JudgedGroup, namedByFindings, type SymbolNews } from "../../core/manifests/build-entries.ts";
import { type Decisions, sumUpDecisions } from "../../core/manifests/decisions.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { sealVersion } from "../../core/manifests/seal-version.ts";
import type { Universe } from "../../core/universe/universe.ts";
import { atOnce } from "../../core/vocabulary/at-once.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { isStored, type StoredList } from "../../core/vocabulary/listed.ts";
import type { Scope } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { readListed } from "../../storage/list-files/list-file.ts";
import { readJson } from "../../storage/object-store/json-objects.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { assertStored } from "../../storage/registry/named-objects.ts";
import { publish } from "../../storage/registry/publish.ts";
import { manifestKey, readLatest } from "../../storage/registry/reader.ts";
import { readSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { KeptOutcome } from "../kept-outcome.ts";
import type { AssessedGroup } from "../train/assess-group.ts";
import type { TrainingMember } from "../train/plan-training.ts";
import type { TrainedModel } from "../train/train-model.ts";
import type { ReportRefs } from "../train/write-reports.ts";
import { forecastKeeper } from "./publish-forecasts.ts";
import { currentRuntime } from "./runtime.ts";

/** A group whose models were trained and judged. Groups that were assessed before there were reports have none. */
export interface TrainedGroup extends Omit<AssessedGroup, "reports">, Partial<Pick<AssessedGroup, "reports">> {
  readonly key: string;
  readonly scope: Scope;
  readonly digest: string;
  /** Of very many, the stored members. */
  readonly symbols: readonly string[] | StoredList;
  readonly models: readonly TrainedModel[];
}

/** What a run says of a symbol: its stored description, or why it failed. */
export interface PublishedSymbol {
  readonly symbol: string;
  readonly error: string | null;
  readonly snapshot: ObjectRef | null;
}

/** Snapshots that are read at the same time. */
const READ_AT_ONCE = 16;

export interface PublishManifestInput {
  /** ISO 8601: the run's clock. */
  readonly asOf: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly interval: Interval;
  readonly horizon: number;
  readonly workflow: { readonly id: string; readonly runId: string };
  /** Or the stored outcomes of all symbols. */
  readonly symbols: readonly PublishedSymbol[] | StoredList;
  /** Only beside stored outcomes, which are of before the training. */
  readonly failedTrainings?: FailedTrainings;
  readonly groups: readonly TrainedGroup[];
  /** Where the coins were ranked: those of the newest manifest that left are stale from now on. */
  readonly universe: Universe | null;
}

export interface PublishedManifest {
  /** null where no symbol has a model */
  readonly manifest: { readonly version: string; readonly key: string; readonly published: boolean } | null;
  /** What happened, as a sentence. */
  readonly summary: string;
  /** About the symbols of this run; null where there is no manifest. */
  readonly decisions: Decisions | null;
}

/**
 * Publishes what a run found: new entries for what was trained, former ones for the rest, stale where the symbol
 * failed. Publishes nothing if nothing differs from the newest manifest. What the manifest forecasts is kept beside it.
 */
export async function publishManifest(
  { store, codeVersion, metrics }: ActivityDependencies,
  input: PublishManifestInput,
): Promise<PublishedManifest> {
  const symbols = await readSymbols(store, input);
  const news = await atOnce(
    symbols,
    READ_AT_ONCE,
    async ({ symbol, error, snapshot }): Promise<SymbolNews> => ({
      symbol,
      error,
      facts: snapshot ? await readSnapshot(store, snapshot) : null,
    }),
  );
  const groups: JudgedGroup[] = [];
  for (const group of input.groups) groups.push(await readJudgement(store, group));
  const findings = { interval: input.interval, asOf: input.asOf, horizon: input.horizon, universe: input.universe, news, groups };

  const build = (previous: Manifest | null): Manifest =>
    sealVersion({
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
      symbols: buildEntries(previous, findings),
    });

  const latest = (await readLatest(store))?.manifest ?? null;
  if (latest?.workflow.runId !== input.workflow.runId) {
    const entries = buildEntries(latest, findings);
    if (Object.keys(entries).length === 0)
      return { manifest: null, summary: "Nothing was published: no symbol has a model.", decisions: null };
    if (latest && JSON.stringify(entries) === JSON.stringify(latest.symbols)) {
      return {
        manifest: { version: latest.version, key: manifestKey(latest.version), published: false },
        summary: `Nothing new since manifest ${latest.version}.`,
        decisions: decisionsOf(latest, symbols),
      };
    }
  }
  // Checked once more, so that no manifest names an object that is gone.
  await assertStored(store, namedByFindings(findings));
  const keeper = forecastKeeper(store);
  const { manifest } = await publish(store, build, { complete: keeper.complete });
  const kept = await keeper.settle(manifest);
  if (kept) metrics?.forecastsKept(kept);
  const fresh = Object.values(manifest.symbols).filter(({ status }) => status === "fresh").length;
  return {
    manifest: { version: manifest.version, key: manifestKey(manifest.version), published: true },
    summary: `Published manifest ${manifest.version}: ${fresh} of ${Object.keys(manifest.symbols).length} symbols are fresh.`,
    decisions: decisionsOf(manifest, symbols),
  };
}

async function readSymbols(
  reader: ObjectReader,
  { symbols, failedTrainings = {} }: PublishManifestInput,
): Promise<readonly PublishedSymbol[]> {
  if (!isStored(symbols)) return symbols;
  const outcomes = await readListed<KeptOutcome>(reader, symbols);
  return outcomes.map(({ result: { symbol, error }, snapshot }) => {
    const failure = error ?? trainingFailure(symbol, failedTrainings);
    return { symbol, error: failure, snapshot: failure === null ? snapshot : null };
  });
}

async function readJudgement(store: ObjectReader, group: TrainedGroup): Promise<JudgedGroup> {
  const assessment = await readJson<Assessment>(store, group.assessment);
  const reports = group.reports ? await readJson<ReportRefs>(store, group.reports) : {};
  const { symbols: named } = group;
  const symbols = isStored(named) ? (await readListed<TrainingMember>(store, named)).map(({ symbol }) => symbol) : named;
  return { ...group, symbols, assessment, reports };
}

function decisionsOf({ symbols }: Manifest, run: readonly PublishedSymbol[]): Decisions {
  return sumUpDecisions(run.flatMap(({ symbol }) => symbols[symbol] ?? []));
}
