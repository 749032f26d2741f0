import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { assess } from "../../core/evaluation/assess.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { fitFinalModel, fitFold, runFold } from "../../core/evaluation/run-fold.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { Manifest, ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { sealVersion } from "../../core/manifests/seal-version.ts";
import { encodeModel } from "../../core/models/file/model-file.ts";
import { buildReport, indexRows } from "../../core/reports/build-report.ts";
import { explain } from "../../core/reports/explain.ts";
import { permutationImportance } from "../../core/reports/permutation-importance.ts";
import type { SymbolReport } from "../../core/reports/report.ts";
import { leadingModel } from "../../core/serving/champion.ts";
import { membersOf } from "../../core/serving/ensemble.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { encodeEvaluation } from "../../storage/evaluation-files/evaluation-files.ts";
import { encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { publish } from "../../storage/registry/publish.ts";

const AS_OF = Date.parse("2017-06-01T00:00:00Z");
const HORIZON = 1;

/** A store with real models of the simulated coin, and a way to publish manifests of them. */
export interface PublishedStore {
  readonly store: ObjectStore;
  readonly entry: SymbolEntry;
  readonly report: SymbolReport;
  /** The same entry, published into another store that holds its objects. */
  over(store: ObjectStore): PublishedStore;
  /** @param asOf the run's clock; by default the time of publishing */
  publish(
    createdAt: string,
    change?: (symbols: Record<string, SymbolEntry>) => Record<string, SymbolEntry>,
    asOf?: string,
  ): Promise<Manifest>;
}

export async function createPublishedStore(): Promise<PublishedStore> {
  const store = createMemoryStore();
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  const { series } = cleanCandles(rows, { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF });
  const matrix = computeFeatures(series);
  const pool = assemblePool([matrix], { horizon: HORIZON });
  const folds = planFolds(pool, { folds: 3, embargo: HORIZON });
  const options = { scope: "coin", seed: 1 } as const;
  const parts = new Map(ALGORITHMS.map((algorithm) => [algorithm, folds.map((fold) => runFold(pool, fold, algorithm, options))] as const));
  const { predictions, bySymbol } = assess({ pool, folds, parts, scope: "coin", seed: 1, coverage: 0.9 });
  const files = new Map<string, ObjectRef>();
  for (const algorithm of ALGORITHMS) {
    const bytes = encodeModel(fitFinalModel(pool, algorithm, options));
    files.set(algorithm, await putImmutable(store, keyOf("models", { digest: sha256Hex(bytes) }), bytes, null));
  }
  const champion = leadingModel(bySymbol.HET, "regression");
  const algorithms = membersOf(champion.name);
  const table = predictions.ofSymbol("HET");
  const report = buildReport(table, indexRows(table), {
    symbol: "HET",
    scope: "coin",
    interval: "1d",
    horizon: HORIZON,
    coverage: 0.9,
    models: bySymbol.HET,
    importance: permutationImportance({
      pool,
      fold: folds[folds.length - 1],
      model: champion.name,
      members: algorithms.map((algorithm) => fitFold(pool, folds[folds.length - 1], algorithm, options)),
      symbols: ["HET"],
      repeats: 2,
      seed: 1,
    }).HET,
    explanation: explain({
      model: champion.name,
      task: champion.task,
      members: algorithms.map((algorithm) => fitFinalModel(pool, algorithm, options)),
      rows: matrix,
      interval: "1d",
    }),
  });
  const reportBytes = new TextEncoder().encode(JSON.stringify(report));
  const features = encodeFeatures(matrix);
  const evaluation = await encodeEvaluation(predictions);
  const entry: SymbolEntry = {
    symbol: "HET",
    source: "simulated",
    simulated: true,
    status: "fresh",
    staleReason: null,
    since: "20170601T000000Z-00000000",
    candles: {
      objects: [],
      rows: series.length,
      firstOpenTime: new Date(series.openTime[0]).toISOString(),
      lastOpenTime: new Date(series.openTime[series.length - 1]).toISOString(),
      missing: 0,
    },
    features: await putImmutable(store, keyOf("features", { symbol: "HET", digest: sha256Hex(features) }), features, series.length),
    trainingDigest: sha256Hex(features),
    evaluation: await putImmutable(store, keyOf("evaluations", { digest: sha256Hex(evaluation) }), evaluation, predictions.length),
    report: await putImmutable(store, keyOf("reports", { digest: sha256Hex(reportBytes) }), reportBytes, null),
    models: bySymbol.HET.map((model): ModelEntry => ({ ...model, file: files.get(model.name) ?? null })),
  };
  const over = (target: ObjectStore): PublishedStore => ({
    store: target,
    entry,
    report,
    over,
    async publish(createdAt, change = (symbols) => symbols, asOf = createdAt) {
      const { manifest } = await publish(target, (previous) => {
        return sealVersion({
          schema: "candlecast.manifest/1",
          previous: previous?.version ?? null,
          createdAt,
          asOf,
          workflow: { id: "pipeline-test", runId: `run ${createdAt}` },
          codeVersion: "0.0.0",
          interval: "1d",
          horizon: HORIZON,
          featureSet: matrix.featureSet,
          symbols: change({ HET: entry }),
        });
      });
      return manifest;
    },
  });
  return over(store);
}
