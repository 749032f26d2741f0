import { type Standardisation, standardiseRow } from "../standardise.ts";

/** A linear predictor on standardised features. */
export interface LinearBody {
  readonly kind: "linear";
  readonly link: "identity" | "logistic";
  readonly intercept: number;
  readonly weights: Float64Array;
  readonly scale: Standardisation;
  /** the penalty that inner walk-forward chose, in units of the number of rows */
  readonly penalty: number;
}

/** @param x room for one row's features */
export function predictLinear(
  body: LinearBody,
  columns: readonly Float64Array[],
  row: number,
  x = new Float64Array(body.weights.length),
): number {
  standardiseRow(body.scale, columns, row, x);
  let sum = body.intercept;
  for (let f = 0; f < x.length; f++) sum += body.weights[f] * x[f];
  return linkOf(body.link, sum);
}

/** A linear model's output for the sum of its terms. */
export function linkOf(link: LinearBody["link"], sum: number): number {
  return link === "identity" ? sum : logistic(sum);
}

/** 1 / (1 + e^−x) without overflow. */
export function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
