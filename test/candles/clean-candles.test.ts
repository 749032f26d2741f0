import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RawCandle } from "../../core/candles/candle.ts";
import { type CleanOptions, cleanCandles } from "../../core/candles/clean-candles.ts";
import { rowsOf } from "./rows.ts";
import { DAY, rawCandle, START } from "./series.ts";

const options: CleanOptions = { symbol: "BTC", interval: "1d", asOf: START + 100 * DAY, source: "binance", fetchedAt: START + 200 * DAY };
const zero = (day: number) => rawCandle(day, { open: 0, high: 0, low: 0, close: 0, volume: 0, quoteVolume: 0 });
const clean = (rows: readonly RawCandle[], more: Partial<CleanOptions> = {}) => cleanCandles(rows, { ...options, ...more });
const days = (rows: readonly RawCandle[], more: Partial<CleanOptions> = {}) =>
  Array.from(clean(rows, more).series.openTime, (time) => (time - START) / DAY);

describe("a clean row", () => {
  test("is kept as it is, with its source and the time of its fetch", () => {
    const { series, dropped, rejected } = clean([rawCandle(1, { marketCap: 1e9 })]);
    expect(rowsOf(series)).toEqual([{ ...rawCandle(1, { marketCap: 1e9 }), source: "binance", fetchedAt: options.fetchedAt }]);
    expect([dropped, rejected]).toEqual([{}, {}]);
  });

  test("may have its open outside [low, high]: one source has such", () => {
    expect(days([rawCandle(1, { open: 20 })])).toEqual([1]);
  });

  test("may have no volume", () => {
    expect(days([rawCandle(1, { volume: 0, quoteVolume: 0 })])).toEqual([1]);
    expect(clean([rawCandle(1, { volume: 0, quoteVolume: 0 })]).series.quoteVolume[0]).toBe(0);
  });

  test("is put in order", () => {
    expect(days([rawCandle(3), rawCandle(1), rawCandle(2)])).toEqual([1, 2, 3]);
  });
});

describe("dropped", () => {
  const dropped = (rows: readonly RawCandle[], more?: Partial<CleanOptions>) => clean(rows, more).dropped;

  test("are zero rows before the listing", () => {
    const rows = [zero(1), zero(2), rawCandle(3)];
    expect(dropped(rows)).toEqual({ "before-listing": 2 });
    expect(days(rows)).toEqual([3]);
    expect(clean(rows).rejected).toEqual({});
  });

  test("are zero rows where no other row follows", () => {
    expect(dropped([zero(1), zero(2)])).toEqual({ "before-listing": 2 });
  });

  test("is the open candle, and it is kept from the moment of its close", () => {
    const rows = [rawCandle(98), rawCandle(99), rawCandle(100)];
    expect(dropped(rows)).toEqual({ "not-closed": 1 });
    expect(days(rows)).toEqual([98, 99]);
    expect(days(rows, { asOf: options.asOf - 1 })).toEqual([98]);
  });

  test("are duplicates that agree", () => {
    expect(dropped([rawCandle(1), rawCandle(1), rawCandle(1)])).toEqual({ duplicate: 2 });
    expect(days([rawCandle(1), rawCandle(1)])).toEqual([1]);
  });

  test("are all but the last of duplicates that differ", () => {
    const { series, dropped } = clean([rawCandle(1, { close: 10 }), rawCandle(1, { close: 11 })]);
    expect(dropped).toEqual({ "duplicate-differs": 1 });
    expect([...series.close]).toEqual([11]);
  });

  test("are rows outside what their page covers", () => {
    const range = { from: START + 2 * DAY, to: START + 4 * DAY };
    const rows = [1, 2, 3, 4, 90].map((day) => rawCandle(day));
    expect(days(rows, { range })).toEqual([2, 3]);
    expect(dropped(rows, { range })).toEqual({ "outside-range": 3 });
  });
});

describe("rejected", () => {
  test.each<[string, Partial<RawCandle>]>([
    ["off-grid", { openTime: START + 1 }],
    ["off-grid", { openTime: Number.NaN }],
    ["off-grid", { openTime: Number.POSITIVE_INFINITY }],
    ["future", { openTime: START + 101 * DAY }],
    ["price-not-finite", { close: Number.NaN }],
    ["price-not-finite", { high: Number.POSITIVE_INFINITY }],
    ["price-not-positive", { low: -1 }],
    ["price-not-positive", { open: 0 }],
    ["price-out-of-range", { high: 1e300 }],
    ["high-below-low", { high: 8 }],
    ["volume-not-usable", { volume: -1 }],
    ["volume-not-usable", { volume: Number.NaN }],
  ])("is %s: %j", (reason, values) => {
    const row = rawCandle(1, values);
    const result = clean([rawCandle(0), row, rawCandle(2)]);
    expect(result.rejected).toEqual({ [reason]: 1 });
    expect(result.rejectedRows).toEqual([{ openTime: row.openTime, reason }]);
    expect(Array.from(result.series.openTime, (time) => (time - START) / DAY)).toEqual([0, 2]);
  });

  test("is a zero row after the listing", () => {
    expect(clean([rawCandle(1), zero(2), rawCandle(3)]).rejected).toEqual({ "price-not-positive": 1 });
  });

  test("rows are listed up to twenty, and counted beyond", () => {
    const { rejected, rejectedRows } = clean(Array.from({ length: 50 }, (_, day) => rawCandle(day, { close: -1 })));
    expect(rejected).toEqual({ "price-not-positive": 50 });
    expect(rejectedRows).toHaveLength(20);
  });
});

test("a damaged row does not decide where the listing begins", () => {
  const { dropped, rejected } = clean([
    rawCandle(0, { close: Number.NaN }),
    zero(1),
    zero(2),
    rawCandle(3),
    rawCandle(4, { openTime: Number.NaN }),
  ]);
  expect(dropped).toEqual({ "before-listing": 2 });
  expect(rejected).toEqual({ "price-not-finite": 1, "off-grid": 1 });
});

test.each([0, Number.NaN, -1, Number.POSITIVE_INFINITY])("a market cap of %d is unknown, and costs no candle", (marketCap) => {
  const { series } = clean([rawCandle(1, { marketCap })]);
  expect(rowsOf(series)[0].marketCap).toBeNull();
});

test.each([Number.NaN, -1, Number.NEGATIVE_INFINITY])("a quote volume of %d is unknown, and costs no candle", (quoteVolume) => {
  expect(rowsOf(clean([rawCandle(1, { quoteVolume })]).series)[0].quoteVolume).toBeNull();
});

const dirty: fc.Arbitrary<RawCandle> = fc
  .tuple(
    fc.integer({ min: 0, max: 110 }),
    fc.constantFrom<Partial<RawCandle>>(
      {},
      {},
      {},
      { close: 10.5 },
      { close: Number.NaN },
      { low: -1 },
      { high: 1e300 },
      { volume: 0 },
      { open: 0, high: 0, low: 0, close: 0 },
    ),
    fc.constantFrom(0, 0, 0, 1_000),
  )
  .map(([day, values, offset]) => ({ ...rawCandle(day, values), openTime: START + day * DAY + offset }));

test("every row is kept, dropped or rejected, and what is kept is ordered, unique, closed and positive", () => {
  fc.assert(
    fc.property(fc.array(dirty, { maxLength: 60 }), (rows) => {
      const { series, dropped, rejected } = clean(rows);
      const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, count) => total + count, 0);
      expect(series.length + sum(dropped) + sum(rejected)).toBe(rows.length);
      for (let i = 0; i < series.length; i++) {
        expect(series.openTime[i] + DAY).toBeLessThanOrEqual(options.asOf);
        if (i > 0) expect(series.openTime[i]).toBeGreaterThan(series.openTime[i - 1]);
        expect(series.close[i]).toBeGreaterThan(0);
      }
    }),
  );
});

test("cleaning what is clean changes nothing, and the rows given are not changed", () => {
  fc.assert(
    fc.property(fc.array(dirty, { maxLength: 60 }), (rows) => {
      const before = structuredClone(rows);
      const once = clean(rows);
      expect(rows).toEqual(before);
      const twice = clean(rowsOf(once.series));
      expect(twice.series).toEqual(once.series);
      expect([twice.dropped, twice.rejected]).toEqual([{}, {}]);
    }),
  );
});
