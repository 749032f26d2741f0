import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { encodeModel } from "../../core/models/file/model-file.ts";
import type { Model } from "../../core/models/model.ts";
import { type AlgorithmName, isClassifier } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";

const FEATURE_SET = { name: "known", digest: "known" };
const none = () => new Float64Array(1);

/** A model whose output is the same number whatever its input; a logistic regression's is 1 / (1 + e^−output). */
function constantModel(algorithm: AlgorithmName, output: number, horizon: number): Model {
  const scale = { lower: none(), upper: none(), mean: none(), inverseDeviation: Float64Array.of(1) };
  const head = {
    algorithm,
    scope: "coin",
    horizon,
    featureSet: FEATURE_SET,
    features: ["f"],
    rows: 1,
    novelty: { scale, threshold: 1 },
  } as const;
  if (algorithm === "linear_regression" || algorithm === "logistic_regression") {
    const link = isClassifier(algorithm) ? "logistic" : "identity";
    return { ...head, body: { kind: "linear", link, intercept: output, weights: none(), scale, penalty: 0 } };
  }
  const leaf = { feature: new Int32Array(1), threshold: none(), left: Int32Array.of(-1), missingLeft: new Uint8Array(1) };
  return {
    ...head,
    body: { kind: "trees", base: 0, factor: 1, trees: { roots: new Int32Array(1), ...leaf, value: Float64Array.of(output) } },
  };
}

export interface KnownValues {
  /** of the newest candle */
  readonly close: number;
  readonly volatility: number;
  readonly horizon: number;
  readonly outputs: Readonly<Record<AlgorithmName, number>>;
  /** quantile behind every regressor's interval */
  readonly q: number;
}

/** The entry with another newest candle and other models: those of which everything is known. Its objects are stored. */
export async function withKnownValues(store: ObjectStore, entry: SymbolEntry, known: KnownValues): Promise<SymbolEntry> {
  const matrix: FeatureMatrix = {
    symbol: entry.symbol,
    interval: "1d",
    featureSet: FEATURE_SET,
    openTime: Float64Array.of(Date.parse(entry.candles.lastOpenTime)),
    close: Float64Array.of(known.close),
    volatility: Float64Array.of(known.volatility),
    names: ["f"],
    columns: [none()],
  };
  const features = encodeFeatures(matrix);
  const files = new Map<string, ObjectRef>();
  for (const [name, output] of Object.entries(known.outputs)) {
    const bytes = encodeModel(constantModel(name as AlgorithmName, output, known.horizon));
    files.set(name, await putImmutable(store, keyOf("models", { digest: sha256Hex(bytes) }), bytes, null));
  }
  return {
    ...entry,
    features: await putImmutable(store, keyOf("features", { symbol: entry.symbol, digest: sha256Hex(features) }), features, 1),
    models: entry.models.map((model) => ({
      ...model,
      file: files.get(model.name) ?? null,
      interval: model.interval && { ...model.interval, q: known.q, reason: null },
    })),
  };
}
