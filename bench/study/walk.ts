import { classPrior } from "../../core/evaluation/baselines/baselines.ts";
import { areaUnderCurve } from "../../core/evaluation/metrics/classification-metrics.ts";
import type { Pool } from "../../core/evaluation/pool.ts";
import { trainingSet } from "../../core/evaluation/run-fold.ts";
import { type FoldPlan, planFolds } from "../../core/evaluation/walk-forward.ts";
import { fitWith } from "../../core/models/fit-model.ts";
import { HYPERPARAMETERS, type HyperparametersOf } from "../../core/models/hyperparameters.ts";
import type { Model } from "../../core/models/model.ts";
import { predictBodyOver } from "../../core/models/predict-model.ts";
import type { TrainingSet } from "../../core/models/training-set.ts";
import type { AlgorithmName } from "../../core/vocabulary/model-names.ts";
import { isClassifier } from "../../core/vocabulary/model-names.ts";

/** One way to learn, where it differs from what the pipeline does. */
export interface Variant<K extends AlgorithmName = AlgorithmName> {
  readonly settings?: HyperparametersOf[K];
  /** Changes what is learned from, given the rows' open times and scaled returns. */
  readonly prepare?: (set: TrainingSet, context: { readonly openTime: Float64Array; readonly scaled: Float64Array }) => TrainingSet;
  /** Changes a fitted model, given what it was learned from and how to learn again on fewer rows. */
  readonly adjust?: (body: Model["body"], set: TrainingSet, refit: (set: TrainingSet) => Model["body"]) => Model["body"];
  /** Changes forecasts, given what the model was learned from and how to learn again on fewer rows. */
  readonly calibrate?: (set: TrainingSet, refit: (set: TrainingSet) => Model["body"]) => (forecast: number) => number;
  /** Other columns than the pool's. */
  readonly features?: (pool: Pool) => Pick<Pool, "names" | "columns">;
}

export interface Study {
  readonly pool: Pool;
  readonly folds: readonly FoldPlan[];
  /** forward return in units of its expected size */
  readonly scaled: Float64Array;
  readonly prior: Float64Array;
}

export function createStudy(pool: Pool): Study {
  const folds = planFolds(pool, { folds: 5, embargo: 1 });
  return { pool, folds, scaled: pool.actual.map((value, row) => value / pool.scale[row]), prior: classPrior(pool, folds) };
}

/** Out-of-sample predictions per row of the pool: scaled returns, or probabilities; NaN for rows of no test stretch. */
export function walk<K extends AlgorithmName>({ pool, folds, scaled }: Study, algorithm: K, seed: number, variant: Variant<K> = {}) {
  const { settings = HYPERPARAMETERS[algorithm].pooled as HyperparametersOf[K], prepare, adjust, calibrate, features } = variant;
  const from = features ? { ...pool, ...features(pool) } : pool;
  const out = new Float64Array(pool.openTime.length).fill(Number.NaN);
  for (const { trainTo, testFrom, testTo } of folds) {
    const plain = trainingSet(from, trainTo, algorithm, { scope: "pooled" });
    const set = prepare ? prepare(plain, { openTime: pool.openTime, scaled }) : plain;
    const refit = (smaller: TrainingSet) => fitWith(smaller, algorithm, settings, { seed });
    const body = adjust ? adjust(refit(set), set, refit) : refit(set);
    const forecast = predictBodyOver(body, from.columns, testFrom, testTo);
    out.set(calibrate ? forecast.map(calibrate(set, refit)) : forecast, testFrom);
  }
  return out;
}

/** Mean of predictions, row by row. */
export function meanOf(all: readonly Float64Array[]): Float64Array {
  return all[0].map((_, row) => all.reduce((sum, { [row]: value }) => sum + value, 0) / all.length);
}

/** What a table's line shows; skills against no change or the class prior, all in parts of one. */
export interface Figures {
  readonly meanSkill: number;
  /** coins with positive skill */
  readonly positive: number;
  readonly poolSkill: number;
  /** of the first three test stretches: what settings are settled by */
  readonly earlySkill: number;
  /** mean over coins: the AUC of a classifier, a regressor's skill in mean absolute error */
  readonly other: number;
}

export function judge({ pool, folds, scaled, prior }: Study, algorithm: AlgorithmName | "ensemble", prediction: Float64Array): Figures {
  const classify = isClassifier(algorithm);
  const truth = classify ? pool.actual.map((value) => Number(value > 0)) : scaled;
  const base = classify ? prior : new Float64Array(truth.length);
  const skill = (rows: readonly number[], unit: (row: number) => number, power: number) => {
    let model = 0;
    let baseline = 0;
    for (const row of rows) {
      model += (unit(row) * Math.abs(truth[row] - prediction[row])) ** power;
      baseline += (unit(row) * Math.abs(truth[row] - base[row])) ** power;
    }
    return 1 - (classify || power === 1 ? model / baseline : Math.sqrt(model / baseline));
  };
  const tested = Array.from({ length: truth.length - folds[0].testFrom }, (_, i) => folds[0].testFrom + i);
  const size = (row: number) => (classify ? 1 : pool.scale[row]);
  const byCoin = pool.symbols.map((_, coin) => tested.filter((row) => pool.symbolIndex[row] === coin));
  const skills = byCoin.map((rows) => skill(rows, size, 2));
  const others = byCoin.map((rows) =>
    classify
      ? (areaUnderCurve(
          rows.map((row) => prediction[row]),
          rows.map((row) => truth[row]),
        ) ?? Number.NaN)
      : skill(rows, size, 1),
  );
  return {
    meanSkill: mean(skills),
    positive: skills.filter((value) => value > 0).length,
    poolSkill: skill(tested, () => 1, 2),
    earlySkill: skill(
      tested.filter((row) => row < folds[2].testTo),
      () => 1,
      2,
    ),
    other: mean(others),
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
