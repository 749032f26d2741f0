import { NotEnoughDataError } from "../../vocabulary/errors.ts";
import { choosePenalty, planInnerFolds } from "../choose-penalty.ts";
import type { LinearParameters } from "../hyperparameters.ts";
import { type RowBlocks, standardisedBlocks } from "../row-blocks.ts";
import { learnStandardisation } from "../standardise.ts";
import { type TrainingSet, weightedMean, weightsOf } from "../training-set.ts";
import { solveCholesky } from "./cholesky.ts";
import { addGram } from "./gram.ts";
import type { LinearBody } from "./linear-body.ts";

/**
 * Linear regression with an L2 penalty (Hoerl and Kennard 1970) on winsorised, standardised features; the intercept is
 * not penalised. Inner walk-forward chooses the penalty.
 *
 * @throws {NotEnoughDataError} if there are fewer than 20 rows
 */
export function fitRidge(set: TrainingSet, settings: LinearParameters): LinearBody {
  if (set.rows < 20) throw new NotEnoughDataError(`a linear regression needs at least 20 rows, not ${set.rows}`);
  const { penalties } = settings;
  const penalty =
    penalties.length === 1
      ? penalties[0]
      : choosePenalty(penalties, planInnerFolds(set.rows), ({ trainTo, testFrom, testTo }) => {
          const system = normalEquations(set, trainTo, settings.winsorQuantile);
          const test = standardisedBlocks(system.scale, set.columns, { from: testFrom, to: testTo });
          return penalties.map((penalty) => {
            const weights = solve(system, penalty);
            return squaredError(test, set.target.subarray(testFrom, testTo), weights, interceptOf(system, weights));
          });
        });
  const system = normalEquations(set, set.rows, settings.winsorQuantile);
  const weights = solve(system, penalty);
  return { kind: "linear", link: "identity", intercept: interceptOf(system, weights), weights, scale: system.scale, penalty };
}

interface NormalEquations {
  /** sum of the rows' weights */
  readonly total: number;
  /** XᵀWX of the standardised features about their weighted means, p × p, lower triangle */
  readonly gram: Float64Array;
  /** XᵀW(y − mean) */
  readonly moment: Float64Array;
  /** weighted mean of the target */
  readonly mean: number;
  /** weighted means of the standardised features */
  readonly centre: Float64Array;
  readonly scale: LinearBody["scale"];
}

function normalEquations(set: TrainingSet, rows: number, winsorQuantile: number): NormalEquations {
  const { columns, target } = set;
  const p = columns.length;
  const weight = weightsOf(set).subarray(0, rows);
  const scale = learnStandardisation(columns, rows, winsorQuantile);
  const mean = weightedMean(target, weight);
  let total = 0;
  const gram = new Float64Array(p * p);
  const moment = new Float64Array(p);
  const centre = new Float64Array(p);
  standardisedBlocks(scale, columns, { from: 0, to: rows, most: 0 }).each((x, first, count) => {
    for (let i = 0, at = 0; i < count; i++) {
      const row = first + i;
      const y = target[row] - mean;
      total += weight[row];
      for (let f = 0; f < p; f++, at++) {
        const weighted = weight[row] * x[at];
        moment[f] += weighted * y;
        centre[f] += weighted;
      }
    }
    addGram({ values: gram, stride: p }, x, p, weight.subarray(first, first + count));
  });
  for (let i = 0; i < p; i++) centre[i] /= total;
  for (let i = 0; i < p; i++) for (let j = 0; j <= i; j++) gram[i * p + j] -= total * centre[i] * centre[j];
  return { total, gram, moment, mean, centre, scale };
}

function solve({ total, gram, moment, scale }: NormalEquations, penalty: number): Float64Array {
  const p = moment.length;
  const a = gram.slice();
  for (let i = 0; i < p; i++) a[i * p + i] += penalty * total + (scale.inverseDeviation[i] === 0 ? 1 : 1e-9 * total);
  return solveCholesky(a, moment) ?? new Float64Array(p);
}

function interceptOf({ mean, centre }: NormalEquations, weights: Float64Array): number {
  return weights.reduce((sum, weight, i) => sum - weight * centre[i], mean);
}

function squaredError(test: RowBlocks, target: Float64Array, weights: Float64Array, intercept: number): number {
  const p = weights.length;
  let error = 0;
  test.each((x, first, count) => {
    for (let i = 0, at = 0; i < count; i++) {
      let prediction = intercept;
      for (let f = 0; f < p; f++, at++) prediction += weights[f] * x[at];
      error += (target[first + i] - prediction) ** 2;
    }
  });
  return error;
}
