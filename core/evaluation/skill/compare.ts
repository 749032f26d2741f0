import type { Skill } from "../../manifests/manifest.ts";
import type { BaselineName, LossName, Task } from "../../vocabulary/model-names.ts";
import type { ModelPredictions } from "../model-predictions.ts";
import type { Pool } from "../pool.ts";
import { type DateDraws, type ResampledSum, resampleSum } from "./date-bootstrap.ts";
import { lossesByDate, numberDates, rowLoss } from "./row-losses.ts";
import { estimateSkill, type SkillEstimate } from "./skill.ts";

/** The losses and baselines that a task's models are judged by. The gate looks at the first loss. */
const MEASURES: Readonly<Record<Task, { readonly losses: readonly LossName[]; readonly baselines: readonly BaselineName[] }>> = {
  regression: { losses: ["rmse", "mae"], baselines: ["no_change", "drift"] },
  classification: { losses: ["brier", "log_loss"], baselines: ["class_prior"] },
};

/** How one model does on some rows against its baselines. */
export interface Comparison {
  /** against the baseline with the smaller loss, by the loss that the gate looks at */
  readonly best: Skill;
  readonly estimate: SkillEstimate;
  /** against every baseline, by every loss */
  readonly all: readonly Skill[];
}

export interface ComparisonInput {
  readonly pool: Pool;
  /** 1 where the price rose, else 0 */
  readonly rises: Float64Array;
  readonly models: readonly ModelPredictions[];
  readonly baselines: Readonly<Record<BaselineName, Float64Array>>;
  /** the bootstrap's draws for a number of dates */
  readonly drawsOf: (dates: number) => DateDraws;
}

/**
 * Compares all models with their baselines on some rows of the pool, ordered by date.
 *
 * @param scaled errors of regressors in units of each row's volatility, so that coins of different size weigh the same
 */
export function compareWithBaselines(
  { pool, rises, models, baselines, drawsOf }: ComparisonInput,
  rows: Int32Array,
  scaled: boolean,
): Comparison[] {
  const { dateOf, dates } = numberDates(pool.openTime, rows);
  const draws = drawsOf(dates);
  const sum = (loss: LossName, prediction: Float64Array, task: Task): ResampledSum => {
    const truth = task === "classification" ? rises : pool.actual;
    const unit = scaled && task === "regression" ? pool.scale : null;
    const ofRow = unit
      ? (row: number) => rowLoss(loss, prediction[row] / unit[row], truth[row] / unit[row])
      : (row: number) => rowLoss(loss, prediction[row], truth[row]);
    return resampleSum(draws, lossesByDate(rows, { dateOf, dates, loss: ofRow }));
  };
  const known = new Map<string, ResampledSum>();
  const sumOfBaseline = (loss: LossName, baseline: BaselineName, task: Task): ResampledSum => {
    const found = known.get(`${loss} ${baseline}`) ?? sum(loss, baselines[baseline], task);
    known.set(`${loss} ${baseline}`, found);
    return found;
  };
  return models.map(({ prediction, task }) => {
    const measures = MEASURES[task];
    const estimates = measures.losses.flatMap((loss) => {
      const own = sum(loss, prediction, task);
      return measures.baselines.map((baseline) => {
        const theirs = sumOfBaseline(loss, baseline, task);
        const estimate = estimateSkill(own, theirs, { loss, dates });
        const { value, lower, upper } = estimate;
        return { theirs: theirs.total, estimate, skill: { baseline, loss, value, lower, upper } satisfies Skill };
      });
    });
    const byGateLoss = estimates.slice(0, measures.baselines.length);
    const best = byGateLoss.reduce((least, other) => (other.theirs < least.theirs ? other : least));
    return { best: best.skill, estimate: best.estimate, all: estimates.map(({ skill }) => skill) };
  });
}
