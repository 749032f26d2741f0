/*
 * The log-loss of a logistic regression, its first and its second derivatives.
 *
 * Rows are taken four at a time, as in gram.ts: a coefficient or a sum is read and written once for four rows, and the four
 * products are added in pairs, so that no addition waits for the one before. The order of the additions is part of the result.
 */

import type { RowBlocks } from "../row-blocks.ts";
import { addGram } from "./gram.ts";
import { logistic } from "./linear-body.ts";

/** Rows to fit a logistic regression on. */
export interface LogisticRows {
  /** p features each */
  readonly x: RowBlocks;
  /** 0 or 1, at least one for each row */
  readonly target: Float64Array;
  /** above 0, one for each row */
  readonly weight: Float64Array;
}

/** Coefficients are p weights, then the intercept. */
export class LogisticLoss {
  /** first derivatives of the log-likelihood, p + 1; the loss falls in their direction */
  readonly gradient: Float64Array;
  /** each row's weight × probability × (1 − probability): its second derivative by its own linear sum */
  readonly curvature: Float64Array;
  readonly #rows: LogisticRows;
  readonly #width: number;

  constructor(rows: LogisticRows) {
    this.#rows = rows;
    this.#width = rows.x.width;
    this.gradient = new Float64Array(this.#width + 1);
    this.curvature = new Float64Array(rows.weight.length);
  }

  /** Computes `gradient` and `curvature` at the coefficients. */
  differentiate(beta: Float64Array): void {
    this.gradient.fill(0);
    this.#rows.x.each((x, first, count) => this.#addSlopes(beta, x, first, count));
  }

  /** Adds a block's rows to the gradient, and notes their curvature. */
  #addSlopes(beta: Float64Array, x: Float64Array, first: number, rows: number): void {
    const gradient = this.gradient;
    const p = this.#width;
    let row = 0;
    for (; row + 3 < rows; row += 4) {
      const a = row * p;
      const b = a + p;
      const c = b + p;
      const d = c + p;
      let za = beta[p];
      let zb = za;
      let zc = za;
      let zd = za;
      for (let i = 0; i < p; i++) {
        const slope = beta[i];
        za += slope * x[a + i];
        zb += slope * x[b + i];
        zc += slope * x[c + i];
        zd += slope * x[d + i];
      }
      const ea = this.#errorOf(first + row, za);
      const eb = this.#errorOf(first + row + 1, zb);
      const ec = this.#errorOf(first + row + 2, zc);
      const ed = this.#errorOf(first + row + 3, zd);
      for (let i = 0; i < p; i++) gradient[i] += ea * x[a + i] + eb * x[b + i] + (ec * x[c + i] + ed * x[d + i]);
      gradient[p] += ea + eb + (ec + ed);
    }
    for (; row < rows; row++) {
      const a = row * p;
      let z = beta[p];
      for (let i = 0; i < p; i++) z += beta[i] * x[a + i];
      const error = this.#errorOf(first + row, z);
      for (let i = 0; i < p; i++) gradient[i] += error * x[a + i];
      gradient[p] += error;
    }
  }

  /** Notes the row's curvature. @returns weight × (target − probability) */
  #errorOf(row: number, z: number): number {
    const { target, weight } = this.#rows;
    const probability = logistic(z);
    this.curvature[row] = weight[row] * probability * (1 - probability);
    return weight[row] * (target[row] - probability);
  }

  /** Second derivatives of the loss, (p + 1)², where `differentiate` was last called; only the lower triangle is filled. */
  secondDerivatives(): Float64Array {
    const size = this.#width + 1;
    const values = new Float64Array(size * size);
    const last = values.subarray(this.#width * size);
    this.#rows.x.each((x, first, count) => {
      const curvature = this.curvature.subarray(first, first + count);
      addGram({ values, stride: size }, x, this.#width, curvature);
      this.#addIntercept(last, x, curvature);
    });
    return values;
  }

  /** The intercept's row: the sum of the rows' curvatures, each times a feature, and times 1. */
  #addIntercept(last: Float64Array, x: Float64Array, curvature: Float64Array): void {
    const p = this.#width;
    let row = 0;
    for (; row + 3 < curvature.length; row += 4) {
      const a = row * p;
      const b = a + p;
      const c = b + p;
      const d = c + p;
      const ca = curvature[row];
      const cb = curvature[row + 1];
      const cc = curvature[row + 2];
      const cd = curvature[row + 3];
      for (let i = 0; i < p; i++) last[i] += ca * x[a + i] + cb * x[b + i] + (cc * x[c + i] + cd * x[d + i]);
      last[p] += ca + cb + (cc + cd);
    }
    for (; row < curvature.length; row++) {
      for (let i = 0; i < p; i++) last[i] += curvature[row] * x[row * p + i];
      last[p] += curvature[row];
    }
  }
}
