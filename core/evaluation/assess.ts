import type { AlgorithmName, ModelEntry, ModelName, Scope, Skill } from "../manifests/manifest.ts";
import { REGRESSORS } from "../manifests/manifest.ts";
import { createRandom } from "../random.ts";
import { classPrior } from "./baselines.ts";
import { classificationMetrics } from "./classification-metrics.ts";
import { conformalQuantile } from "./conformal.ts";
import type { EvaluationTable } from "./evaluation-table.ts";
import { judge } from "./gate.ts";
import { intervalsByFold } from "./interval-by-fold.ts";
import type { Pool } from "./pool.ts";
import { regressionMetrics } from "./regression-metrics.ts";
import { type FoldPredictions, isClassifier } from "./run-fold.ts";
import { brierSkill, type LossesByDate, rmseSkill, skillWithBound } from "./skill-bound.ts";
import type { FoldPlan } from "./walk-forward.ts";

export interface AssessInput {
  readonly pool: Pool;
  readonly folds: readonly FoldPlan[];
  /** per algorithm, its out-of-sample predictions fold by fold */
  readonly parts: ReadonlyMap<AlgorithmName, readonly FoldPredictions[]>;
  readonly scope: Scope;
  readonly seed: number;
  /** of the prediction intervals */
  readonly coverage: number;
}

export type AssessedModel = Omit<ModelEntry, "file">;

/** A model's out-of-sample predictions over the whole pool; NaN for rows of no test stretch. */
interface Candidate {
  readonly name: ModelName;
  readonly classifier: boolean;
  readonly prediction: Float64Array;
  readonly baseline: Float64Array;
}

/**
 * Judges the models of a group, and the mean of its regressors (`ensemble`), by their out-of-sample predictions: metrics
 * and skill per coin and over the group, intervals, roles.
 */
export function assess(input: AssessInput): { table: EvaluationTable; bySymbol: Record<string, AssessedModel[]> } {
  const { pool, folds, scope } = input;
  const candidates = collectCandidates(input);
  const tested = rowsOf(folds);
  const bySymbol: Record<string, AssessedModel[]> = {};
  const groupSkills = candidates.map((candidate) => measureSkill(input, candidate, tested, pool.symbols.length > 1));
  pool.symbols.forEach((symbol, coin) => {
    const rows = tested.filter((row) => pool.symbolIndex[row] === coin);
    const entries = candidates.map((candidate, i): Omit<AssessedModel, "role" | "reason"> => {
      const skill = measureSkill(input, candidate, rows, false);
      return {
        name: candidate.name,
        scope,
        task: candidate.classifier ? "classification" : "regression",
        n: rows.length,
        metrics: metricsOf(pool, candidate, rows),
        skill,
        groupSkill: pool.symbols.length > 1 ? groupSkills[i] : skill,
        interval: candidate.classifier ? null : intervalOf(input, candidate, rows),
      };
    });
    const verdicts = new Map(
      [false, true].flatMap((classifiers) => {
        const members = entries.filter((_, i) => candidates[i].classifier === classifiers);
        return judge(members).map((verdict, i) => [members[i], verdict] as const);
      }),
    );
    bySymbol[symbol] = entries.map((entry) => ({ ...entry, ...(verdicts.get(entry) ?? { role: "no_skill", reason: "was not judged" }) }));
  });
  return { table: buildTable(input, candidates), bySymbol };
}

function collectCandidates({ pool, folds, parts }: AssessInput): Candidate[] {
  const n = pool.openTime.length;
  const noChange = new Float64Array(n);
  const prior = classPrior(pool, folds);
  const single = [...parts].map(([name, predictions]): Candidate => {
    const prediction = new Float64Array(n).fill(Number.NaN);
    for (const part of predictions) {
      part.rows.forEach((row, i) => {
        prediction[row] = part.prediction[i];
      });
    }
    const classifier = isClassifier(name);
    return { name, classifier, prediction, baseline: classifier ? prior : noChange };
  });
  const members = single.filter(({ classifier }) => !classifier);
  if (members.length < REGRESSORS.length) return single;
  const ensemble = new Float64Array(n);
  for (const { prediction } of members) for (let row = 0; row < n; row++) ensemble[row] += prediction[row] / members.length;
  return [...single, { name: "ensemble", classifier: false, prediction: ensemble, baseline: noChange }];
}

function rowsOf(folds: readonly FoldPlan[]): Int32Array {
  return Int32Array.from(folds.flatMap(({ testFrom, testTo }) => Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i)));
}

/** @param scaled errors in units of each row's volatility, so that coins of different size weigh the same */
function measureSkill({ pool, seed }: AssessInput, candidate: Candidate, rows: Int32Array, scaled: boolean): Skill {
  const { name, classifier, prediction, baseline } = candidate;
  const model: number[] = [];
  const base: number[] = [];
  let date = Number.NaN;
  for (const row of rows) {
    if (pool.openTime[row] !== date) {
      date = pool.openTime[row];
      model.push(0);
      base.push(0);
    }
    const truth = truthOf(pool, classifier, row);
    const unit = scaled && !classifier ? pool.scale[row] : 1;
    model[model.length - 1] += ((truth - prediction[row]) / unit) ** 2;
    base[base.length - 1] += ((truth - baseline[row]) / unit) ** 2;
  }
  const losses: LossesByDate = { model: Float64Array.from(model), baseline: Float64Array.from(base) };
  const random = createRandom(seed).fork(`${name} ${rows.length} ${scaled}`);
  const { value, lower } = skillWithBound(losses, classifier ? brierSkill : rmseSkill, { horizon: pool.horizon, random });
  return { baseline: classifier ? "class_prior" : "no_change", loss: classifier ? "brier" : "rmse", value, lower };
}

function truthOf(pool: Pool, classifier: boolean, row: number): number {
  return classifier ? Number(pool.actual[row] > 0) : pool.actual[row];
}

function metricsOf(pool: Pool, { classifier, prediction, baseline }: Candidate, rows: Int32Array) {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row]);
  const truth = Float64Array.from(rows, (row) => truthOf(pool, classifier, row));
  return classifier ? classificationMetrics(pick(prediction), truth, pick(baseline)) : regressionMetrics(pick(prediction), truth);
}

function intervalOf({ pool, coverage }: AssessInput, { prediction }: Candidate, rows: Int32Array): NonNullable<ModelEntry["interval"]> {
  const scores = Float64Array.from(rows, (row) => Math.abs(pool.actual[row] - prediction[row]) / pool.scale[row]);
  return { coverage, q: conformalQuantile(scores, coverage), n: rows.length };
}

function buildTable({ pool, folds, scope, coverage }: AssessInput, candidates: readonly Candidate[]): EvaluationTable {
  const tested = rowsOf(folds);
  const foldOf = Int32Array.from(folds.flatMap(({ index, testFrom, testTo }) => new Array<number>(testTo - testFrom).fill(index)));
  const n = tested.length * candidates.length;
  const table = {
    symbol: new Array<string>(n),
    openTime: new Float64Array(n),
    fold: new Int32Array(n),
    model: new Array<string>(n),
    scope: new Array<string>(n).fill(scope),
    prediction: new Float64Array(n),
    lower: new Float64Array(n),
    upper: new Float64Array(n),
    actual: new Float64Array(n),
    baseline: new Float64Array(n),
  };
  candidates.forEach(({ name, classifier, prediction, baseline }, c) => {
    const width = classifier ? null : intervalsByFold(pool, folds, prediction, coverage);
    tested.forEach((row, i) => {
      const at = c * tested.length + i;
      table.symbol[at] = pool.symbols[pool.symbolIndex[row]];
      table.openTime[at] = pool.openTime[row];
      table.fold[at] = foldOf[i];
      table.model[at] = name;
      table.prediction[at] = prediction[row];
      table.lower[at] = width ? prediction[row] - width[row] : Number.NaN;
      table.upper[at] = width ? prediction[row] + width[row] : Number.NaN;
      table.actual[at] = truthOf(pool, classifier, row);
      table.baseline[at] = baseline[row];
    });
  });
  return table;
}
