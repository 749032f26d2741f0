import { NotEnoughDataError } from "../../vocabulary/errors.ts";
import { choosePenalty, planInnerFolds } from "../choose-penalty.ts";
import type { LinearParameters } from "../hyperparameters.ts";
import { type RowBlocks, standardisedBlocks } from "../row-blocks.ts";
import { learnStandardisation } from "../standardise.ts";
import { type TrainingSet, weightedMean, weightsOf } from "../training-set.ts";
import type { LinearBody } from "./linear-body.ts";
import type { LogisticRows } from "./logistic-loss.ts";
import { type NewtonState, newton } from "./newton.ts";

const TOLERANCE = 1e-9;
/** Where only a penalty is chosen: at the minimum the loss is flat, so what it is off by is of the order of the square. */
const ROUGH_TOLERANCE = 1e-3;

/**
 * Logistic regression with an L2 penalty by Newton's method (IRLS), on winsorised, standardised features; the intercept
 * is not penalised. Inner walk-forward chooses the penalty.
 *
 * @throws {NotEnoughDataError} if there are fewer than 20 rows or only one class
 * @throws {CandlecastError} if it has not converged after 20 steps
 */
export function fitLogistic(set: TrainingSet, settings: LinearParameters): LinearBody {
  if (set.rows < 20) throw new NotEnoughDataError(`a logistic regression needs at least 20 rows, not ${set.rows}`);
  const { penalties, winsorQuantile } = settings;
  const weight = weightsOf(set);
  const up = weightedMean(set.target, weight);
  if (!(up > 0 && up < 1)) throw new NotEnoughDataError(`all ${set.rows} rows are of one class`);
  const penalty =
    penalties.length === 1
      ? penalties[0]
      : choosePenalty(penalties, planInnerFolds(set.rows), ({ trainTo, testFrom, testTo }) => {
          const scale = learnStandardisation(set.columns, trainTo, winsorQuantile);
          const train = standardisedBlocks(scale, set.columns, { from: 0, to: trainTo });
          const test = standardisedBlocks(scale, set.columns, { from: testFrom, to: testTo });
          const rows = { x: train, target: set.target, weight: weight.subarray(0, trainTo) };
          // From the largest penalty on, each begins where the one before ended.
          let state = begin(rows);
          return penalties
            .toReversed()
            .map((penalty) => {
              state = newton(rows, penaltyOf(penalty, rows.weight), state, ROUGH_TOLERANCE);
              return logLoss(test, set.target.subarray(testFrom, testTo), state.beta);
            })
            .reverse();
        });
  const scale = learnStandardisation(set.columns, set.rows, winsorQuantile);
  const rows = { x: standardisedBlocks(scale, set.columns, { from: 0, to: set.rows }), target: set.target, weight };
  const { beta } = newton(rows, penaltyOf(penalty, weight), begin(rows), TOLERANCE);
  return { kind: "linear", link: "logistic", intercept: beta[beta.length - 1], weights: beta.slice(0, -1), scale, penalty };
}

/** In units of a quarter of the rows' weights, the largest curvature of their loss. */
function penaltyOf(penalty: number, weight: Float64Array): number {
  return (penalty * 0.25 + 1e-9) * weight.reduce((sum, value) => sum + value, 0);
}

/** Nothing but the share of ups. */
function begin({ x, target, weight }: LogisticRows): NewtonState {
  const p = x.width;
  const beta = new Float64Array(p + 1);
  const up = weightedMean(target, weight);
  beta[p] = up > 0 && up < 1 ? Math.log(up / (1 - up)) : 0;
  return { beta, curvature: null };
}

function logLoss(test: RowBlocks, target: Float64Array, beta: Float64Array): number {
  const p = beta.length - 1;
  let loss = 0;
  test.each((x, first, count) => {
    for (let i = 0, at = 0; i < count; i++) {
      let z = beta[p];
      for (let f = 0; f < p; f++, at++) z += beta[f] * x[at];
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - target[first + i] * z;
    }
  });
  return loss;
}
