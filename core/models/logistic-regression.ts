import { CandlecastError, NotEnoughDataError } from "../errors.ts";
import { solveCholesky } from "./cholesky.ts";
import { choosePenalty, planInnerFolds } from "./choose-penalty.ts";
import { type LinearBody, logistic } from "./linear-body.ts";
import type { LinearSettings } from "./settings.ts";
import { learnStandardisation, standardiseRows } from "./standardise.ts";
import type { TrainingSet } from "./training-set.ts";

const MAX_STEPS = 20;
const TOLERANCE = 1e-9;

/**
 * Logistic regression with an L2 penalty by Newton's method (IRLS), on winsorised, standardised features; the intercept
 * is not penalised. Inner walk-forward chooses the penalty.
 *
 * @throws {NotEnoughDataError} if there are fewer than 20 rows or only one class
 * @throws {CandlecastError} if it has not converged after 20 steps
 */
export function fitLogistic(set: TrainingSet, settings: LinearSettings): LinearBody {
  if (set.rows < 20) throw new NotEnoughDataError(`a logistic regression needs at least 20 rows, not ${set.rows}`);
  const { penalties, winsorQuantile } = settings;
  const ups = countUps(set.target, set.rows);
  if (ups === 0 || ups === set.rows) throw new NotEnoughDataError(`all ${set.rows} rows are of one class`);
  const penalty =
    penalties.length === 1
      ? penalties[0]
      : choosePenalty(penalties, planInnerFolds(set.rows), ({ trainTo, testFrom, testTo }) => {
          const scale = learnStandardisation(set.columns, trainTo, winsorQuantile);
          const train = standardiseRows(scale, set.columns, 0, trainTo);
          const test = standardiseRows(scale, set.columns, testFrom, testTo);
          return penalties.map((penalty) =>
            logLoss(test, set.target.subarray(testFrom, testTo), newton(train, set.target.subarray(0, trainTo), penalty)),
          );
        });
  const scale = learnStandardisation(set.columns, set.rows, winsorQuantile);
  const beta = newton(standardiseRows(scale, set.columns, 0, set.rows), set.target.subarray(0, set.rows), penalty);
  return { kind: "linear", link: "logistic", intercept: beta[beta.length - 1], weights: beta.slice(0, -1), scale, penalty };
}

/** @returns the weights, then the intercept */
function newton(x: Float64Array, target: Float64Array, penalty: number): Float64Array {
  const rows = target.length;
  const p = x.length / rows;
  const size = p + 1;
  const ridge = penalty * rows * 0.25 + 1e-9 * rows;
  let beta = new Float64Array(size);
  const up = countUps(target, rows) / rows;
  beta[p] = up > 0 && up < 1 ? Math.log(up / (1 - up)) : 0;
  for (let step = 0; step < MAX_STEPS; step++) {
    const hessian = new Float64Array(size * size);
    const gradient = new Float64Array(size);
    for (let row = 0; row < rows; row++) {
      const at = row * p;
      const probability = logistic(linear(x, at, beta));
      const error = target[row] - probability;
      const curvature = probability * (1 - probability);
      for (let i = 0; i < p; i++) {
        const xi = x[at + i];
        const weighted = xi * curvature;
        gradient[i] += xi * error;
        for (let j = 0; j <= i; j++) hessian[i * size + j] += weighted * x[at + j];
        hessian[p * size + i] += weighted;
      }
      gradient[p] += error;
      hessian[p * size + p] += curvature;
    }
    for (let i = 0; i < p; i++) {
      gradient[i] -= ridge * beta[i];
      hessian[i * size + i] += ridge;
    }
    hessian[p * size + p] += 1e-9;
    const delta = solveCholesky(hessian, gradient);
    if (!delta) break;
    beta = beta.map((value, i) => value + delta[i]);
    if (Math.max(...delta.map(Math.abs)) < TOLERANCE) return beta;
  }
  throw new CandlecastError(
    `a logistic regression of ${rows} rows and ${p} features with penalty ${penalty} did not converge in ${MAX_STEPS} steps`,
  );
}

function linear(x: Float64Array, at: number, beta: Float64Array): number {
  const p = beta.length - 1;
  let sum = beta[p];
  for (let i = 0; i < p; i++) sum += beta[i] * x[at + i];
  return sum;
}

function logLoss(x: Float64Array, target: Float64Array, beta: Float64Array): number {
  const p = beta.length - 1;
  let loss = 0;
  for (let row = 0; row < target.length; row++) {
    const z = linear(x, row * p, beta);
    loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - target[row] * z;
  }
  return loss;
}

function countUps(target: Float64Array, rows: number): number {
  let ups = 0;
  for (let row = 0; row < rows; row++) ups += target[row];
  return ups;
}
