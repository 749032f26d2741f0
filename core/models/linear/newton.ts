import { CandlecastError } from "../../vocabulary/errors.ts";
import { factorCholesky, solveFactored } from "./cholesky.ts";
import { addGram } from "./gram.ts";
import { logistic } from "./linear-body.ts";

/** Rows to fit a logistic regression on. */
export interface LogisticRows {
  /** row after row, p values each */
  readonly x: Float64Array;
  /** 0 or 1, at least one for each row */
  readonly target: Float64Array;
  /** above 0, one for each row */
  readonly weight: Float64Array;
}

/** Where a fit begins: coefficients, and the curvature that was last computed on the same rows. */
export interface NewtonState {
  /** p weights, then the intercept */
  readonly beta: Float64Array;
  /** second derivatives of the loss without penalty, (p + 1)², lower triangle; null where none is known yet */
  readonly curvature: Float64Array | null;
}

const MAX_STEPS = 20;
/** An old curvature is used again while steps are small and shrink to this part of the one before. */
const SHRINKAGE = 0.25;
const SMALL_STEP = 0.3;
/** From here on each step has its own curvature. */
const OLD_CURVATURE_STEPS = 12;

/**
 * Minimises the log-loss of a logistic regression plus penalty / 2 × Σ weights² (the intercept is free) by Newton's method.
 * Most of a step's cost is its curvature, which hardly changes near the minimum: steps there share one (Shamanskii 1967).
 *
 * @param tolerance largest change of a coefficient in the last step
 * @throws {CandlecastError} if it has not converged after 20 steps
 */
export function newton(rows: LogisticRows, penalty: number, start: NewtonState, tolerance: number): NewtonState {
  const size = start.beta.length;
  const p = size - 1;
  let { beta, curvature } = start;
  let last = Number.POSITIVE_INFINITY;
  let keeps = curvature !== null;
  let factor: Float64Array | null = null;
  const gradient = new Float64Array(size);
  const bend = new Float64Array(rows.weight.length);
  for (let step = 0; step < MAX_STEPS; step++) {
    slopes(rows, beta, gradient, bend);
    if (!curvature || !keeps) {
      curvature = curvatureOf(rows.x, bend, size);
      factor = null;
    }
    factor ??= factorOf(curvature, size, penalty);
    if (!factor) break;
    for (let i = 0; i < p; i++) gradient[i] -= penalty * beta[i];
    const delta = solveFactored(factor, gradient);
    let largest = 0;
    for (let i = 0; i < size; i++) {
      largest = Math.max(largest, Math.abs(delta[i]));
      delta[i] += beta[i];
    }
    beta = delta;
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

/** First derivatives into `gradient`, each row's second derivative by its own sum into `bend`; four rows at a time. */
function slopes({ x, target, weight }: LogisticRows, beta: Float64Array, gradient: Float64Array, bend: Float64Array): void {
  const p = beta.length - 1;
  const rows = weight.length;
  gradient.fill(0);
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
    const ea = errorOf(row, za, target, weight, bend);
    const eb = errorOf(row + 1, zb, target, weight, bend);
    const ec = errorOf(row + 2, zc, target, weight, bend);
    const ed = errorOf(row + 3, zd, target, weight, bend);
    for (let i = 0; i < p; i++) gradient[i] += ea * x[a + i] + eb * x[b + i] + (ec * x[c + i] + ed * x[d + i]);
    gradient[p] += ea + eb + (ec + ed);
  }
  for (; row < rows; row++) {
    const a = row * p;
    let z = beta[p];
    for (let i = 0; i < p; i++) z += beta[i] * x[a + i];
    const error = errorOf(row, z, target, weight, bend);
    for (let i = 0; i < p; i++) gradient[i] += error * x[a + i];
    gradient[p] += error;
  }
}

/** @returns weight × (target − probability) */
function errorOf(row: number, z: number, target: Float64Array, weight: Float64Array, bend: Float64Array): number {
  const probability = logistic(z);
  bend[row] = weight[row] * probability * (1 - probability);
  return weight[row] * (target[row] - probability);
}

/** Adds the last row of the curvature: sums of the bends, each times a feature, and times 1. */
function addIntercept(last: Float64Array, x: Float64Array, bend: Float64Array): void {
  const p = last.length - 1;
  let row = 0;
  for (; row + 3 < bend.length; row += 4) {
    const a = row * p;
    const b = a + p;
    const c = b + p;
    const d = c + p;
    const [ba, bb, bc, bd] = [bend[row], bend[row + 1], bend[row + 2], bend[row + 3]];
    for (let i = 0; i < p; i++) last[i] += ba * x[a + i] + bb * x[b + i] + (bc * x[c + i] + bd * x[d + i]);
    last[p] += ba + bb + (bc + bd);
  }
  for (; row < bend.length; row++) {
    for (let i = 0; i < p; i++) last[i] += bend[row] * x[row * p + i];
    last[p] += bend[row];
  }
}

function curvatureOf(x: Float64Array, bend: Float64Array, size: number): Float64Array {
  const p = size - 1;
  const out = new Float64Array(size * size);
  addGram(out, size, x, p, bend);
  addIntercept(out.subarray(p * size), x, bend);
  return out;
}
