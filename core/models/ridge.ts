import { NotEnoughDataError } from "../errors.ts";
import { solveCholesky } from "./cholesky.ts";
import { choosePenalty, planInnerFolds } from "./choose-penalty.ts";
import { addGram } from "./gram.ts";
import type { LinearBody } from "./linear-body.ts";
import type { LinearSettings } from "./settings.ts";
import { learnStandardisation, standardiseRows } from "./standardise.ts";
import type { TrainingSet } from "./training-set.ts";

/**
 * Linear regression with an L2 penalty (Hoerl and Kennard 1970) on winsorised, standardised features; the intercept is
 * not penalised. Inner walk-forward chooses the penalty.
 *
 * @throws {NotEnoughDataError} if there are fewer than 20 rows
 */
export function fitRidge(set: TrainingSet, settings: LinearSettings): LinearBody {
  if (set.rows < 20) throw new NotEnoughDataError(`a linear regression needs at least 20 rows, not ${set.rows}`);
  const { penalties } = settings;
  const penalty =
    penalties.length === 1
      ? penalties[0]
      : choosePenalty(penalties, planInnerFolds(set.rows), ({ trainTo, testFrom, testTo }) => {
          const system = normalEquations(set, trainTo, settings.winsorQuantile);
          const test = standardiseRows(system.scale, set.columns, testFrom, testTo);
          return penalties.map((penalty) => squaredError(test, set.target.subarray(testFrom, testTo), solve(system, penalty), system.mean));
        });
  const system = normalEquations(set, set.rows, settings.winsorQuantile);
  return { kind: "linear", link: "identity", intercept: system.mean, weights: solve(system, penalty), scale: system.scale, penalty };
}

interface NormalEquations {
  readonly rows: number;
  /** XᵀX of the standardised features, p × p */
  readonly gram: Float64Array;
  /** Xᵀ(y − mean) */
  readonly moment: Float64Array;
  /** of the target; the standardised features' means are 0 up to missing values, so it serves as intercept */
  readonly mean: number;
  readonly scale: LinearBody["scale"];
}

function normalEquations({ columns, target }: TrainingSet, rows: number, winsorQuantile: number): NormalEquations {
  const p = columns.length;
  const scale = learnStandardisation(columns, rows, winsorQuantile);
  const x = standardiseRows(scale, columns, 0, rows);
  let mean = 0;
  for (let row = 0; row < rows; row++) mean += target[row] / rows;
  const gram = new Float64Array(p * p);
  const moment = new Float64Array(p);
  for (let row = 0; row < rows; row++) {
    const at = row * p;
    const y = target[row] - mean;
    for (let i = 0; i < p; i++) moment[i] += x[at + i] * y;
  }
  addGram(gram, p, x, p, new Float64Array(rows).fill(1));
  return { rows, gram, moment, mean, scale };
}

function solve({ rows, gram, moment, scale }: NormalEquations, penalty: number): Float64Array {
  const p = moment.length;
  const a = gram.slice();
  for (let i = 0; i < p; i++) a[i * p + i] += penalty * rows + (scale.inverseDeviation[i] === 0 ? 1 : 1e-9 * rows);
  return solveCholesky(a, moment) ?? new Float64Array(p);
}

function squaredError(x: Float64Array, target: Float64Array, weights: Float64Array, intercept: number): number {
  const p = weights.length;
  let error = 0;
  for (let row = 0; row < target.length; row++) {
    let prediction = intercept;
    for (let i = 0; i < p; i++) prediction += weights[i] * x[row * p + i];
    error += (target[row] - prediction) ** 2;
  }
  return error;
}
