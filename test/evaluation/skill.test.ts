import { describe, expect, test } from "vitest";
import { drawDates, resampleSum } from "../../core/evaluation/skill/date-bootstrap.ts";
import { estimateSkill, jointLowerBounds } from "../../core/evaluation/skill/skill.ts";
import { createRandom } from "../../core/random.ts";

const DATES = 300;
const draws = drawDates(DATES, { horizon: 1, random: createRandom(1) });

/** Losses of a model with a known skill, and of its baseline. */
function losses(seed: number, gain: number) {
  const random = createRandom(seed);
  const baseline = Float64Array.from({ length: DATES }, () => random.normal() ** 2);
  return { baseline, model: baseline.map((loss) => loss * (1 - gain) + 0.1 * random.normal()) };
}

function estimate(seed: number, gain: number, dates = DATES) {
  const { baseline, model } = losses(seed, gain);
  return estimateSkill(resampleSum(draws, model), resampleSum(draws, baseline), { loss: "brier", dates });
}

describe("the bootstrap over dates", () => {
  test("draws as many dates as there are, every one about equally often", () => {
    const counts = new Float64Array(DATES);
    for (let date = 0; date < DATES; date++) {
      const one = new Float64Array(DATES);
      one[date] = 1;
      for (const times of resampleSum(draws, one).replicates) counts[date] += times;
    }
    expect(counts.reduce((a, b) => a + b)).toBe(DATES * 1_000);
    for (const count of counts) expect(Math.abs(count / 1_000 - 1)).toBeLessThan(0.25);
  });

  test("keeps more dates together, the more of them a target spans", () => {
    const meanLength = (horizon: number) => {
      const { starts } = drawDates(5_000, { horizon, random: createRandom(2) });
      return (5_000 * 1_000) / starts.length;
    };
    expect(meanLength(1)).toBeCloseTo(11, 0);
    expect(meanLength(30)).toBeCloseTo(40, -1);
  });

  test("sums what the blocks hold, round the end", () => {
    const ones = resampleSum(draws, new Float64Array(DATES).fill(2));
    expect(ones.total).toBe(2 * DATES);
    expect(new Set(ones.replicates)).toEqual(new Set([2 * DATES]));
  });

  test("keeps neighbours together: a mean of dates that move together is less certain", () => {
    const random = createRandom(3);
    const apart = Float64Array.from({ length: DATES }, () => random.normal());
    const together = apart.map((_, date) => apart[date - (date % 10)]);
    const spread = (values: Float64Array) => {
      const { replicates } = resampleSum(draws, values);
      const mean = replicates.reduce((a, b) => a + b) / replicates.length;
      return Math.sqrt(replicates.reduce((sum, value) => sum + (value - mean) ** 2, 0) / replicates.length);
    };
    expect(spread(together)).toBeGreaterThan(1.5 * spread(apart));
  });
});

describe("a skill's interval", () => {
  test("holds the truth in about 95 of 100 samples", () => {
    let inside = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const { lower, upper } = estimate(seed, 0.05);
      if ((lower ?? 1) <= 0.05 && (upper ?? 0) >= 0.05) inside++;
    }
    expect(inside / 300).toBeGreaterThan(0.91);
    expect(inside / 300).toBeLessThan(0.99);
  });

  test("is unknown with fewer than 30 dates, and the skill too where the baseline has no error", () => {
    expect(estimate(1, 0.05, 29)).toMatchObject({ value: expect.any(Number), lower: null, upper: null });
    const silent = resampleSum(draws, new Float64Array(DATES));
    expect(estimateSkill(silent, silent, { loss: "rmse", dates: DATES })).toMatchObject({ value: null, lower: null, upper: null });
  });

  test("of a root mean square is of the roots", () => {
    const base = resampleSum(draws, new Float64Array(DATES).fill(4));
    const model = resampleSum(draws, new Float64Array(DATES).fill(1));
    expect(estimateSkill(model, base, { loss: "rmse", dates: DATES })).toMatchObject({ value: 0.5, lower: 0.5, upper: 0.5 });
  });
});

describe("joint lower bounds", () => {
  test("are the lower, the more models are judged", () => {
    const one = estimate(1, 0.05);
    const many = [one, ...Array.from({ length: 20 }, (_, i) => estimate(100 + i, 0))];
    const [alone] = jointLowerBounds([one]);
    const [among] = jointLowerBounds(many);
    expect(alone).toBeCloseTo(one.lower ?? Number.NaN, 2);
    expect(among).toBeLessThan((alone ?? Number.NaN) - 0.002);
  });

  test("are no lower for a model that is judged twice", () => {
    const one = estimate(1, 0.05);
    expect(jointLowerBounds([one, one])[0]).toBe(jointLowerBounds([one])[0]);
  });

  test("are unknown where the skill is, without harm to the others", () => {
    const [none, known] = jointLowerBounds([estimate(1, 0.05, 10), estimate(2, 0.05)]);
    expect(none).toBeNull();
    expect(known).not.toBeNull();
  });
});
