import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { type LiveSkill, liveSkill } from "../../core/scoring/live-skill.ts";
import type { Outcome } from "../../core/scoring/outcome.ts";
import { scoreForecast, unscored } from "../../core/scoring/score-forecast.ts";
import { DAY, FIRST_DAY, keptDirection, keptForecast, onDay } from "./kept-forecast.ts";

const scored = (forecast: KeptForecast, close: number, scoring = 1): Outcome =>
  scoreForecast(forecast, { close, fetchedAt: 1, source: "binance" }, { scoring, scoredAt: 1 });

const of = (outcomes: readonly Outcome[], model: LiveSkill["model"], task = "regression"): LiveSkill => {
  const found = liveSkill(outcomes).find((skill) => skill.model === model && skill.task === task);
  if (!found) throw new Error(`no skill of ${model}`);
  return found;
};
const direction = (change: Partial<KeptForecast>) => keptDirection({ ...change });
const log = (returns: number) => 100 * Math.exp(returns);

describe("live skill", () => {
  test("of prices is 1 − RMSE / RMSE of no change", () => {
    const rows = [scored(keptForecast({ logReturn: 0.02 }), log(0.03)), scored(onDay(1, keptForecast({ logReturn: -0.02 })), log(-0.04))];
    const skill = of(rows, "ensemble");
    const [loss, baseline] = [Math.sqrt((0.01 ** 2 + 0.02 ** 2) / 2), Math.sqrt((0.03 ** 2 + 0.04 ** 2) / 2)];
    expect(skill).toMatchObject({ n: 2, firstTarget: FIRST_DAY, lastTarget: FIRST_DAY + DAY, horizon: 1, interval: "1d", scope: "pooled" });
    expect(skill.loss).toBeCloseTo(loss, 10);
    expect(skill.skill).toBeCloseTo(1 - loss / baseline, 10);
  });

  test("of directions is 1 − Brier / Brier of the class prior", () => {
    const rows = [
      scored(direction({ probabilityUp: 0.7, baselineProbabilityUp: 0.5 }), 101),
      scored(onDay(1, direction({ probabilityUp: 0.4, baselineProbabilityUp: 0.5 })), 99),
    ];
    const skill = of(rows, "logistic_regression", "classification");
    expect(skill.skill).toBeCloseTo(1 - (0.3 ** 2 + 0.4 ** 2) / 2 / 0.25, 10);
    expect([skill.intervals, skill.coverage, skill.nominalCoverage]).toEqual([0, null, null]);
  });

  test("is null where the baseline was never off, and there is none of nothing", () => {
    expect(of([scored(keptForecast({ logReturn: 0.01 }), 100)], "ensemble")).toMatchObject({ n: 1, baselineLoss: 0, skill: null });
    expect(liveSkill([])).toEqual([]);
    expect(of([unscored(keptForecast())], "ensemble")).toMatchObject({
      n: 0,
      loss: null,
      skill: null,
      coverage: null,
      firstTarget: null,
      lastTarget: null,
    });
  });

  test("of a baseline is 0, and that of what was served follows whoever served", () => {
    const own = scored(keptForecast({ logReturn: 0.02 }), log(0.03));
    const noChange = { model: "no_change", scope: null, role: "baseline", logReturn: 0 } as const;
    const notServed = scored(onDay(1, keptForecast({ logReturn: 0.01, served: false })), log(0.02));
    const served = scored(onDay(1, keptForecast(noChange)), log(0.02));
    const rows = [own, scored(keptForecast({ ...noChange, served: false }), log(0.03)), notServed, served];
    expect(of(rows, "no_change").skill).toBeCloseTo(0, 12);
    expect(of(rows, "served")).toMatchObject({ n: 2, scope: null });
    expect(of(rows, "served").loss).toBeCloseTo(Math.sqrt((0.01 ** 2 + 0.02 ** 2) / 2), 10);
  });

  test("counts one forecast per candle and model: the first that was published, whatever later ones said", () => {
    const first = scored(keptForecast({ logReturn: -0.05 }), log(0.03));
    const lucky = scored(
      keptForecast({ logReturn: 0.03, publishedAt: FIRST_DAY + DAY / 2, manifest: "20200601T120000Z-00000000" }),
      log(0.03),
    );
    expect(of([lucky, first], "ensemble")).toEqual(of([first], "ensemble"));
    const other = scored(keptForecast({ symbol: "ETH", logReturn: 0.03 }), log(0.03));
    expect(of([first, other], "ensemble").n).toBe(2);
  });

  test("passes over what gave no number, and takes the first that did", () => {
    const withheld = unscored(keptForecast({ withheldReasons: "novel_input", logReturn: null, served: false }));
    const later = scored(keptForecast({ publishedAt: FIRST_DAY + DAY / 2, manifest: "20200601T120000Z-00000000" }), log(0.03));
    expect(of([withheld, later], "ensemble")).toEqual(of([later], "ensemble"));
    expect(liveSkill([withheld])).toEqual([]);
  });

  test("does not count forecasts of candles that had closed already", () => {
    expect(liveSkill([scored(keptForecast({ publishedAt: FIRST_DAY + DAY }), 103)])).toEqual([]);
    expect(liveSkill([scored(keptForecast({ publishedAt: FIRST_DAY + DAY - 1 }), 103)])).not.toEqual([]);
  });

  test("counts the last scoring of each forecast only", () => {
    const [once, again] = [scored(keptForecast(), 103), scored(keptForecast(), 120, 2)];
    expect(liveSkill([once, again])).toEqual(liveSkill([again]));
    expect(liveSkill([again, once])).toEqual(liveSkill([again]));
  });

  test("is kept apart by horizon", () => {
    const week = keptForecast({ horizon: 7, targetOpenTime: FIRST_DAY + 6 * DAY, targetCloseTime: FIRST_DAY + 7 * DAY });
    const skills = liveSkill([scored(keptForecast(), 103), scored(week, 110)]).filter(({ model }) => model === "ensemble");
    expect(skills.map(({ horizon, n }) => [horizon, n])).toEqual([
      [1, 1],
      [7, 1],
    ]);
  });
});

test("coverage is the share of intervals that the close lies in, beside the share that was promised", () => {
  const rows = [
    scored(keptForecast({ lower: 99, upper: 101, coverage: 0.9 }), 100.5),
    scored(onDay(1, keptForecast({ lower: 99, upper: 101, coverage: 0.9 })), 102),
    scored(onDay(2, keptForecast({ lower: 99, upper: 101, coverage: 0.8 })), 100),
    scored(onDay(3, keptForecast({ lower: null, upper: null, coverage: null })), 100),
  ];
  const skill = of(rows, "ensemble");
  expect(skill).toMatchObject({ n: 4, intervals: 3 });
  expect(skill.coverage).toBeCloseTo(2 / 3, 12);
  expect(skill.nominalCoverage).toBeCloseTo(2.6 / 3, 12);
});

test("skill does not depend on the order of the rows, and is at most 1", () => {
  const row = fc
    .record({
      day: fc.integer({ min: 0, max: 9 }),
      hour: fc.integer({ min: 0, max: 30 }),
      predicted: fc.double({ min: -0.1, max: 0.1, noNaN: true }),
      close: fc.integer({ min: 80, max: 120 }),
    })
    .map(({ day, hour, predicted, close }) =>
      scored(onDay(day, keptForecast({ logReturn: predicted, publishedAt: FIRST_DAY + (hour * DAY) / 24 })), close),
    );
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: ({ manifest }) => manifest }), fc.integer({ min: 0, max: 30 }), (rows, cut) => {
      const order = ({ model, task }: LiveSkill) => `${model} ${task}`;
      const sorted = (all: LiveSkill[]) => all.sort((a, b) => (order(a) < order(b) ? -1 : 1));
      const [one, other] = [sorted(liveSkill(rows)), sorted(liveSkill([...rows.slice(cut), ...rows.slice(0, cut)]))];
      expect(other.map(({ n, coverage, firstTarget }) => [n, coverage, firstTarget])).toEqual(
        one.map(({ n, coverage, firstTarget }) => [n, coverage, firstTarget]),
      );
      one.forEach(({ skill }, i) => {
        if (skill === null) expect(other[i].skill).toBeNull();
        else {
          expect(other[i].skill).toBeCloseTo(skill, 9);
          expect(skill).toBeLessThanOrEqual(1);
        }
      });
    }),
  );
});
