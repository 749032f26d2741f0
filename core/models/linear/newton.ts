import { CandlecastError } from "../../vocabulary/errors.ts";
import { factorCholesky, solveFactored } from "./cholesky.ts";
import { LogisticLoss, type LogisticRows } from "./logistic-loss.ts";

/** Where a fit begins: coefficients, and the curvature that was last computed on the same rows. */
export interface NewtonState {
  /** p weights, then the intercept */
  readonly beta: Float64Array;
  /** second derivatives of the loss without penalty, (p + 1)², lower triangle; null where none is known yet */
  readonly curvature: Float64Array | null;
}

const MAX_STEPS = 20;
/** A curvature is used again while steps are small and each shrinks to this part of the one before. */
const SHRINKAGE = 0.4;
const SMALL_STEP = 0.3;
/** From this step on, each has its own curvature. */
const OLD_CURVATURE_STEPS = 12;

/**
 * Minimises the log-loss of a logistic regression plus penalty / 2 × Σ weights² (the intercept is not penalised) by Newton's
 * method. Most of a step's cost is its curvature, which hardly changes near the minimum, so steps there share one (Shamanskii
 * 1967).
 *
 * @param tolerance largest change of a coefficient in the last step
 * @throws {CandlecastError} if it has not converged after 20 steps
 */
export function newton(rows: LogisticRows, penalty: number, start: NewtonState, tolerance: number): NewtonState {
  const size = start.beta.length;
  const p = size - 1;
  const loss = new LogisticLoss(rows);
  let { beta, curvature } = start;
  let last = Number.POSITIVE_INFINITY;
  let keeps = curvature !== null;
  let factor: Float64Array | null = null;
  for (let step = 0; step < MAX_STEPS; step++) {
    loss.differentiate(beta);
    if (!curvature || !keeps) {
      curvature = loss.secondDerivatives();
      factor = null;
    }
    factor ??= factorOf(curvature, size, penalty);
    if (!factor) break;
    const slope = loss.gradient.slice();
    for (let i = 0; i < p; i++) slope[i] -= penalty * beta[i];
    const next = solveFactored(factor, slope);
    let largest = 0;
    for (let i = 0; i < size; i++) {
      largest = Math.max(largest, Math.abs(next[i]));
      next[i] += beta[i];
    }
    beta = next;
    if (largest < tolerance) return { beta, curvature };
    keeps = largest < SMALL_STEP && (step === 0 || largest < SHRINKAGE * last) && step < OLD_CURVATURE_STEPS;
    last = largest;
  }
  throw new CandlecastError(
    `a logistic regression of ${rows.weight.length} rows and ${p} features with penalty ${penalty} did not converge in ${MAX_STEPS} steps`,
  );
}

/** Cholesky factor of the penalised loss's second derivatives, null where they are not positive definite. */
function factorOf(curvature: Float64Array, size: number, penalty: number): Float64Array | null {
  const factor = curvature.slice();
  for (let i = 0; i + 1 < size; i++) factor[i * size + i] += penalty;
  factor[size * size - 1] += 1e-9;
  return factorCholesky(factor, size) ? factor : null;
}
