import { LinearTerms } from "./linear/linear-terms.ts";
import type { Model } from "./model.ts";
import { predictBodyOver } from "./predict-model.ts";
import { ReplacedSums } from "./trees/replaced-sums.ts";

/** A model's outputs for some rows, and what they become when one feature's values are replaced by others. */
export interface ReplaceableOutputs {
  /** Of the rows as they are. */
  readonly outputs: Float64Array;
  /** @returns per replacement column, the outputs with it instead of the feature's own values; up to rounding those that `predictBody` gives */
  replace(feature: number, replacements: readonly Float64Array[]): readonly Float64Array[];
}

/**
 * Prepares a model and rows for many replacements, each of which then costs a small part of a prediction.
 *
 * @param columns one column a feature, `rows` values each; NaN is missing
 */
export function prepareReplacements(body: Model["body"], columns: readonly Float64Array[], rows: number): ReplaceableOutputs {
  const outputs = predictBodyOver(body, columns, 0, rows);
  if (body.kind === "linear") {
    const terms = new LinearTerms(body, columns, rows);
    return { outputs, replace: (feature, replacements) => replacements.map((column) => terms.replace(feature, column)) };
  }
  const sums = new ReplacedSums(body.trees, columns, rows);
  return {
    outputs,
    replace: (feature, replacements) =>
      sums.changes(feature, replacements).map((changes) => changes.map((change, row) => outputs[row] + body.factor * change)),
  };
}
