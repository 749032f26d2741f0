import { standardiseRows, standardiseValue } from "../standardise.ts";
import { type LinearBody, linkOf } from "./linear-body.ts";

/** A linear model's sums for some rows, so that one term can be replaced. */
export class LinearTerms {
  readonly #body: LinearBody;
  readonly #columns: readonly Float64Array[];
  readonly #sums: Float64Array;

  /** @param columns one column a feature, `rows` values each; NaN is missing */
  constructor(body: LinearBody, columns: readonly Float64Array[], rows: number) {
    this.#body = body;
    this.#columns = columns;
    const { weights, scale, intercept } = body;
    const x = standardiseRows(scale, columns, 0, rows);
    this.#sums = new Float64Array(rows);
    for (let row = 0, at = 0; row < rows; row++) {
      let sum = intercept;
      for (let f = 0; f < weights.length; f++) sum += weights[f] * x[at++];
      this.#sums[row] = sum;
    }
  }

  /** @returns the outputs with other values of a feature */
  replace(feature: number, values: Float64Array): Float64Array {
    const { weights, scale, link } = this.#body;
    const column = this.#columns[feature];
    const weight = weights[feature];
    return this.#sums.map((sum, row) =>
      linkOf(link, sum + weight * (standardiseValue(scale, feature, values[row]) - standardiseValue(scale, feature, column[row]))),
    );
  }
}
