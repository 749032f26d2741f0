import type { LossName } from "../../vocabulary/model-names.ts";
import type { ResampledSum } from "./date-bootstrap.ts";

/** Turns summed losses into a skill; null where undefined. */
export type SkillOf = (model: number, baseline: number) => number | null;

/** For squared errors, of whose mean the root is taken. */
export const rmseSkill: SkillOf = (model, baseline) => (baseline > 0 ? 1 - Math.sqrt(model / baseline) : null);
/** For all other losses. */
export const brierSkill: SkillOf = (model, baseline) => (baseline > 0 ? 1 - model / baseline : null);

/** Each end of the two-sided 95 % interval leaves out this share of the replicates. */
const TAIL = 0.025;
/** With fewer dates than this, no confidence interval is given. */
export const MIN_DATES = 30;

/** A skill with its two-sided 95 % confidence interval; null where undefined. */
export interface SkillEstimate {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** the skill in each replicate of the bootstrap; null where the interval is unknown */
  readonly replicates: Float64Array | null;
}

/**
 * Skill, 1 − loss / baseline's loss, with its percentile interval over the replicates.
 *
 * @param model summed losses of the model
 * @param baseline summed losses of the baseline, from the same draws
 * @param dates number of dates; fewer than 30 give no interval
 */
export function estimateSkill(
  model: ResampledSum,
  baseline: ResampledSum,
  { loss, dates }: { loss: LossName; dates: number },
): SkillEstimate {
  const skillOf = loss === "rmse" ? rmseSkill : brierSkill;
  if (!(baseline.total > 0) || !Number.isFinite(model.total)) return { value: null, lower: null, upper: null, replicates: null };
  const value = skillOf(model.total, baseline.total);
  const replicates = model.replicates.map((sum, replicate) => skillOf(Math.max(0, sum), baseline.replicates[replicate]) ?? Number.NaN);
  if (dates < MIN_DATES || !replicates.every(Number.isFinite)) return { value, lower: null, upper: null, replicates: null };
  const sorted = replicates.slice().sort();
  const cut = Math.floor(TAIL * sorted.length);
  return { value, lower: sorted[cut], upper: sorted[sorted.length - 1 - cut], replicates };
}

/**
 * Lower confidence bounds that hold for all estimates at once with 97.5 %: bootstrap of the largest studentised deviation
 * (White's reality check, with Romano and Wolf's scaling), so that judging many models promotes none by luck.
 *
 * @param estimates from the same draws
 * @returns null where an estimate has no interval
 */
export function jointLowerBounds(estimates: readonly SkillEstimate[]): (number | null)[] {
  const errors = estimates.map(({ replicates }) => (replicates ? deviation(replicates) : Number.NaN));
  const known = estimates.flatMap(({ value, replicates }, i) => (value !== null && replicates && errors[i] > 0 ? [i] : []));
  if (known.length === 0) return estimates.map(() => null);
  const largest = new Float64Array(estimates[known[0]].replicates?.length ?? 0).fill(Number.NEGATIVE_INFINITY);
  for (const i of known) {
    const { value, replicates } = estimates[i];
    for (let r = 0; r < largest.length; r++) {
      largest[r] = Math.max(largest[r], ((replicates?.[r] ?? Number.NaN) - (value ?? Number.NaN)) / errors[i]);
    }
  }
  const critical = largest.sort()[Math.ceil((1 - TAIL) * largest.length) - 1];
  return estimates.map(({ value }, i) => (known.includes(i) ? (value ?? Number.NaN) - critical * errors[i] : null));
}

/** Standard deviation. */
function deviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
