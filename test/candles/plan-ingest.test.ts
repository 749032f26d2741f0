import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { comparisonRange, type IngestFacts, planIngest } from "../../core/candles/plan-ingest.ts";
import { DAY, START } from "./series.ts";

const day = (n: number) => START + n * DAY;
const facts: IngestFacts = {
  stored: { firstOpenTime: day(0), lastOpenTime: day(99), firstSource: "binance", lastSource: "binance" },
  interval: "1d",
  asOf: day(110) + DAY / 2,
  overlap: 3,
  source: "binance",
  newestOnly: (source) => (source === "kraken" ? 720 : null),
};

describe("what is fetched", () => {
  test("is all history at first", () => {
    expect(planIngest({ ...facts, stored: null })).toEqual({ from: 0, to: day(110) });
  });

  test("is what came since, with the overlap", () => {
    expect(planIngest(facts)).toEqual({ from: day(97), to: day(110) });
  });

  test("is the overlap alone where everything is stored", () => {
    expect(planIngest({ ...facts, asOf: day(100) })).toEqual({ from: day(97), to: day(100) });
  });

  test("is nothing where everything is stored and no overlap is wanted", () => {
    expect(planIngest({ ...facts, asOf: day(100), overlap: 0 })).toBeNull();
  });

  test("is nothing before what is stored, because of an overlap", () => {
    expect(
      planIngest({
        ...facts,
        stored: { firstOpenTime: day(98), lastOpenTime: day(99), firstSource: "binance", lastSource: "binance" },
        overlap: 50,
      }),
    ).toEqual({ from: day(98), to: day(110) });
  });

  test("ends with a past run's clock", () => {
    expect(planIngest({ ...facts, asOf: day(50) })).toEqual({ from: day(47), to: day(50) });
  });

  test("is all history where only later candles are stored", () => {
    expect(planIngest({ ...facts, asOf: day(-10) })).toEqual({ from: 0, to: day(-10) });
  });

  test("is all history once a source that has it takes over from one that has not", () => {
    const stored = { firstOpenTime: day(0), lastOpenTime: day(99), firstSource: "kraken", lastSource: "kraken" };
    expect(planIngest({ ...facts, stored })).toEqual({ from: 0, to: day(110) });
    expect(planIngest({ ...facts, stored, source: "kraken" })).toEqual({ from: day(97), to: day(110) });
  });

  test("begins among the stored candles where another source goes on, so that the two can be compared", () => {
    expect(planIngest({ ...facts, source: "kraken" })).toEqual({ from: day(90), to: day(110) });
  });
});

test("nothing that closed since is left out, and nothing that has not closed is asked for", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 30 }),
      (first, length, now, overlap) => {
        const stored = { firstOpenTime: day(first), lastOpenTime: day(first + length), firstSource: "binance", lastSource: "binance" };
        const asOf = day(now);
        const range = planIngest({ ...facts, stored, asOf, overlap });
        if (range === null) {
          expect(stored.lastOpenTime + DAY).toBeGreaterThanOrEqual(asOf);
          return;
        }
        expect(range.from).toBeLessThan(range.to);
        expect(range.to).toBe(asOf);
        expect(range.from).toBeLessThanOrEqual(stored.lastOpenTime + DAY);
      },
    ),
  );
});

describe("what another source is asked for first", () => {
  const whole = { from: 0, to: day(110) };
  const stored = { firstOpenTime: day(50), lastOpenTime: day(99), firstSource: "kraken", lastSource: "kraken" };

  test("is the newest stored candles, where its older ones could be compared with nothing", () => {
    expect(comparisonRange(whole, { stored, interval: "1d", source: "binance" })).toEqual({ from: day(90), to: day(100) });
    expect(comparisonRange(whole, { stored: { ...stored, firstOpenTime: day(97) }, interval: "1d", source: "binance" })).toEqual({
      from: day(97),
      to: day(100),
    });
  });

  test("is nothing where the range shows it, the source stays, or nothing is stored", () => {
    expect(comparisonRange({ from: day(90), to: day(110) }, { stored, interval: "1d", source: "binance" })).toBeNull();
    expect(comparisonRange(whole, { stored, interval: "1d", source: "kraken" })).toBeNull();
    expect(comparisonRange(whole, { stored: null, interval: "1d", source: "binance" })).toBeNull();
    expect(comparisonRange({ from: 0, to: day(40) }, { stored, interval: "1d", source: "binance" })).toBeNull();
  });
});
