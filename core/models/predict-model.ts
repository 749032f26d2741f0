import { SchemaMismatchError } from "../vocabulary/errors.ts";
import type { FeatureRows } from "./feature-rows.ts";
import { predictLinear } from "./linear/linear-body.ts";
import type { Model } from "./model.ts";
import { noveltyOf } from "./novelty.ts";
import { sumTrees } from "./trees/flat-trees.ts";
import { sumTreesOver } from "./trees/predict-trees.ts";

/**
 * @returns a regressor's forward log return in units of volatility × √horizon, or a classifier's probability of up
 * @throws {SchemaMismatchError} if a feature that the model reads is not there
 */
export function predictModel(model: Model, rows: FeatureRows, row: number): number {
  return predictBody(model.body, pickColumns(model.features, rows), row);
}

/** Outputs of the rows `from … to − 1`: those of {@link predictModel} row by row, several times as fast. */
export function predictModelOver(model: Model, rows: FeatureRows, from: number, to: number): Float64Array {
  return predictBodyOver(model.body, pickColumns(model.features, rows), from, to);
}

/**
 * How far a row lies from what the model saw in training.
 *
 * @returns the distance and the threshold beyond which it counts as novel; the distance is NaN without any known feature
 */
export function measureNovelty(model: Model, rows: FeatureRows, row: number): { distance: number; threshold: number } {
  const distance = noveltyOf(model.novelty, { columns: pickColumns(model.features, rows) }, row);
  return { distance, threshold: model.novelty.threshold };
}

export function predictBody(body: Model["body"], columns: readonly Float64Array[], row: number): number {
  if (body.kind === "linear") return predictLinear(body, columns, row);
  return body.base + body.factor * sumTrees(body.trees, columns, row);
}

/** Predictions of the rows `from … to − 1`: the same numbers as `predictBody` row by row, several times as fast. */
export function predictBodyOver(body: Model["body"], columns: readonly Float64Array[], from: number, to: number): Float64Array {
  if (body.kind === "trees") return sumTreesOver(body.trees, columns, from, to).map((sum) => body.base + body.factor * sum);
  const x = new Float64Array(body.weights.length);
  return Float64Array.from({ length: to - from }, (_, i) => predictLinear(body, columns, from + i, x));
}

function pickColumns(features: readonly string[], { names, columns }: FeatureRows): Float64Array[] {
  return features.map((feature) => {
    const at = names.indexOf(feature);
    if (at < 0) throw new SchemaMismatchError(`the model reads feature ${feature}, which is not among the ${names.length} given`);
    return columns[at];
  });
}
