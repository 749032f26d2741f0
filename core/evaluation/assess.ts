import type { ConformalInterval, Metrics, ModelEntry } from "../manifests/manifest.ts";
import { createRandom } from "../random.ts";
import type { AlgorithmName, Scope } from "../vocabulary/model-names.ts";
import { meanAbsoluteReturn, meanScaledReturn, recentVolatility, shareOfRises } from "./baselines/baselines.ts";
import { conformalQuantile, conformalScore, scoresNeeded } from "./intervals/conformal.ts";
import { intervalsByFold } from "./intervals/interval-by-fold.ts";
import { intervalMetrics } from "./intervals/interval-metrics.ts";
import { type JudgedPredictions, judgedPredictions, placesBySymbol } from "./judged-predictions.ts";
import { classificationMetrics } from "./metrics/classification-metrics.ts";
import { regressionMetrics } from "./metrics/regression-metrics.ts";
import { collectPredictions, type ModelPredictions, predictBaselines } from "./model-predictions.ts";
import type { Pool } from "./pool.ts";
import type { FoldPredictions } from "./run-fold.ts";
import { compareWithBaselines } from "./skill/compare.ts";
import { type DateDraws, drawDates } from "./skill/date-bootstrap.ts";
import { decideRoles } from "./skill/gate.ts";
import { jointLowerBounds } from "./skill/skill.ts";
import type { FoldPlan } from "./walk-forward.ts";

export interface AssessInput {
  readonly pool: Pool;
  readonly folds: readonly FoldPlan[];
  /** each algorithm's out-of-sample predictions, fold by fold */
  readonly parts: ReadonlyMap<AlgorithmName, readonly FoldPredictions[]>;
  readonly scope: Scope;
  readonly seed: number;
  /** of the prediction intervals */
  readonly coverage: number;
}

export type AssessedModel = Omit<ModelEntry, "file">;

/** By symbol, what each model is worth. */
export type Assessment = Readonly<Record<string, readonly AssessedModel[]>>;

/**
 * Judges the models of a group and their ensemble by their out-of-sample predictions: metrics and skill per coin and over
 * the group, intervals, roles.
 */
export function assess(input: AssessInput): { predictions: JudgedPredictions; bySymbol: Record<string, AssessedModel[]> } {
  const { pool, folds, parts, scope, seed, coverage } = input;
  const models = collectPredictions(pool, parts, scope);
  const baselines = predictBaselines(pool, folds);
  const rises = pool.actual.map((value) => Number(value > 0));
  const { rows: tested, fold } = testedRows(folds);
  const halfWidths = models.map(({ task, prediction }) =>
    task === "classification" ? null : intervalsByFold(pool, folds, prediction, coverage),
  );
  const recent = recentVolatility(pool);
  const unit = meanAbsoluteReturn(pool, folds);
  const drifting = { no_change: 0, drift: meanScaledReturn(pool, pool.openTime.length) };
  const prior = { class_prior: shareOfRises(pool, pool.openTime.length) };
  const comparison = { pool, rises, models, baselines, drawsOf: drawsByDateCount(pool.horizon, seed) };

  const measure = ({ task, prediction }: ModelPredictions, i: number, rows: Int32Array): Metrics => {
    const pick = (values: Float64Array) => pickRows(values, rows);
    if (task === "classification") return classificationMetrics(pick(prediction), pick(rises), pick(baselines.class_prior));
    const facts = { prediction: pick(prediction), actual: pick(pool.actual) };
    const halfWidth = pick(halfWidths[i] ?? new Float64Array());
    return {
      ...regressionMetrics({ ...facts, drift: pick(baselines.drift), unit: pick(unit) }),
      ...intervalMetrics({ ...facts, halfWidth, recentVolatility: pick(recent), coverage }),
    };
  };

  const together = compareWithBaselines(comparison, tested, pool.symbols.length > 1);
  const gateLower = jointLowerBounds(together.map(({ estimate }) => estimate));
  const bySymbol: Record<string, AssessedModel[]> = {};
  const places = placesBySymbol(pool, tested);
  pool.symbols.forEach((symbol, coin) => {
    const rows = places[coin].map((place) => tested[place]);
    const alone = pool.symbols.length > 1 ? compareWithBaselines(comparison, rows, false) : together;
    const baselineInterval = intervalOf(pool, baselines.no_change, rows, coverage);
    const entries = models.map((model, i): Omit<AssessedModel, "role" | "reason"> => {
      const { name, task, prediction } = model;
      const classifier = task === "classification";
      return {
        name,
        scope,
        task,
        n: rows.length,
        metrics: measure(model, i, rows),
        skill: alone[i].best,
        groupSkill: together[i].best,
        gateLower: gateLower[i],
        skills: alone[i].all,
        groupSkills: together[i].all,
        baselines: classifier ? prior : drifting,
        interval: classifier ? null : intervalOf(pool, prediction, rows, coverage),
        baselineInterval: classifier ? null : baselineInterval,
      };
    });
    bySymbol[symbol] = decideRoles(entries).map((decision, i) => ({ ...entries[i], ...decision }));
  });
  const judged = models.map(({ name, task, prediction }, i) => ({
    model: name,
    prediction,
    halfWidth: halfWidths[i],
    ...(task === "classification"
      ? { actual: rises, baseline: baselines.class_prior }
      : { actual: pool.actual, baseline: baselines.no_change }),
  }));
  return { predictions: judgedPredictions({ pool, scope, rows: tested, fold, models: judged }), bySymbol };
}

function pickRows(values: Float64Array, rows: Int32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i]];
  return picked;
}

function testedRows(folds: readonly FoldPlan[]): { rows: Int32Array; fold: Int32Array } {
  const n = folds.reduce((sum, { testFrom, testTo }) => sum + testTo - testFrom, 0);
  const rows = new Int32Array(n);
  const fold = new Int32Array(n);
  let at = 0;
  for (const { index, testFrom, testTo } of folds) {
    for (let row = testFrom; row < testTo; row++, at++) {
      rows[at] = row;
      fold[at] = index;
    }
  }
  return { rows, fold };
}

/** Draws once per number of dates, so that models and coins with equally many dates share their draws. */
function drawsByDateCount(horizon: number, seed: number): (dates: number) => DateDraws {
  const known = new Map<number, DateDraws>();
  const random = createRandom(seed);
  return (dates) => {
    const draws = known.get(dates) ?? drawDates(dates, { horizon, random: random.fork(`${dates} dates`) });
    known.set(dates, draws);
    return draws;
  };
}

function intervalOf({ actual, scale }: Pool, prediction: Float64Array, rows: Int32Array, coverage: number): ConformalInterval {
  const n = rows.length;
  const scores = new Float64Array(n);
  for (let i = 0; i < n; i++) scores[i] = conformalScore(actual[rows[i]], prediction[rows[i]], scale[rows[i]]);
  const q = conformalQuantile(scores, coverage);
  const reason = `${n} out-of-sample errors of this coin are too few for ${100 * coverage} % coverage; it takes ${scoresNeeded(coverage)}`;
  return { coverage, q, n, reason: q === null ? reason : null };
}
