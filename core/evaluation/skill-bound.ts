import type { Random } from "../random.ts";

const REPLICATES = 1_000;
/** One-sided confidence of the lower bound. */
const CONFIDENCE = 0.95;
/** Mean length of a block, in dates, besides the horizon. */
const BLOCK_DATES = 10;

/** Summed losses of one date, in the order of dates. */
export interface LossesByDate {
  readonly model: Float64Array;
  readonly baseline: Float64Array;
}

/** Turns summed losses into a skill: the root for errors whose loss is the RMSE. */
export type SkillOf = (model: number, baseline: number) => number | null;

export const rmseSkill: SkillOf = (model, baseline) => (baseline > 0 ? 1 - Math.sqrt(model / baseline) : null);
export const brierSkill: SkillOf = (model, baseline) => (baseline > 0 ? 1 - model / baseline : null);

/**
 * Skill and its one-sided 95 % lower confidence bound by the stationary block bootstrap over dates (Politis and Romano
 * 1994): blocks of random length keep what neighbouring dates share, and coins of one date stay together.
 *
 * @returns nulls where the baseline has no error or there are fewer than two dates
 */
export function skillWithBound(
  losses: LossesByDate,
  skillOf: SkillOf,
  { horizon, random }: { horizon: number; random: Random },
): { value: number | null; lower: number | null } {
  const n = losses.model.length;
  const value = skillOf(sum(losses.model), sum(losses.baseline));
  if (value === null || n < 2) return { value, lower: null };
  const restart = 1 / (BLOCK_DATES + horizon);
  const skills = new Float64Array(REPLICATES);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    let model = 0;
    let baseline = 0;
    let date = random.int(n);
    for (let i = 0; i < n; i++) {
      model += losses.model[date];
      baseline += losses.baseline[date];
      date = random.next() < restart ? random.int(n) : date + 1 < n ? date + 1 : 0;
    }
    skills[replicate] = skillOf(model, baseline) ?? Number.NEGATIVE_INFINITY;
  }
  const lower = skills.sort()[Math.floor((1 - CONFIDENCE) * REPLICATES)];
  return { value, lower: Number.isFinite(lower) ? lower : null };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
