import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { asKnownAt } from "../../core/candles/as-known-at.ts";
import type { Candle } from "../../core/candles/candle.ts";
import { type CandleSeries, NUMBER_COLUMNS } from "../../core/candles/candle-series.ts";
import { mergeSeries } from "../../core/candles/merge-series.ts";
import {
  closedCandles,
  concatSeries,
  emptySeries,
  filterSeries,
  partitionSeries,
  sliceSeries,
  sliceTimes,
  sortSeries,
  takeRows,
} from "../../core/candles/series-verbs.ts";
import { naiveKnownAt, naiveMerge } from "./naive-merge.ts";
import { rowsOf } from "./rows.ts";
import { candle, candlesArbitrary, DAY, START, series } from "./series.ts";

const BTC = { symbol: "BTC", interval: "1d" } as const;
const time = fc.oneof(
  fc.integer({ min: -1, max: 1_401 }).map((day) => START + day * DAY),
  fc.integer({ min: START, max: START + 1_400 * DAY }),
  fc.constantFrom(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY),
);

/** Versions of some days: few values and times of fetch, so that they meet often. */
const versionsArbitrary = fc.array(
  fc
    .record({
      day: fc.integer({ min: 0, max: 5 }),
      close: fc.constantFrom(1, 2),
      quoteVolume: fc.constantFrom(null, 3, 4),
      marketCap: fc.constantFrom(null, 5, 6),
      source: fc.constantFrom("binance", "binance", "kraken"),
      fetchedAt: fc.integer({ min: 1, max: 6 }),
    })
    .map(({ day, ...values }) => candle(day, values)),
  { maxLength: 12 },
);
const seriesArbitrary = versionsArbitrary.map((candles) =>
  [...new Map(candles.map((row) => [row.openTime, row])).values()].sort((a, b) => a.openTime - b.openTime),
);

function expectRows(found: CandleSeries, expected: readonly Candle[]): void {
  for (const name of NUMBER_COLUMNS) expect(found[name].length).toBe(found.length);
  expect(found.source.length).toBe(found.length);
  expect(found).toMatchObject(BTC);
  expect(rowsOf(found)).toEqual(expected);
}

/** Whether two series share no memory, so that changing one leaves the other alone. */
function expectOwnMemory(found: CandleSeries, given: CandleSeries): void {
  for (const name of NUMBER_COLUMNS) expect(found[name].buffer).not.toBe(given[name].buffer);
}

describe("the verbs give what the same step on rows gives", () => {
  test("a slice of rows", () => {
    fc.assert(
      fc.property(candlesArbitrary, fc.nat(45), fc.nat(45), (candles, from, to) => {
        const given = series(candles);
        const slice = sliceSeries(given, from, to);
        expectRows(slice, candles.slice(from, to));
        expectOwnMemory(slice, given);
      }),
    );
  });

  test("a slice of a time range", () => {
    fc.assert(
      fc.property(candlesArbitrary, time, time, (candles, from, to) => {
        expectRows(
          sliceTimes(series(candles), { from, to }),
          candles.filter(({ openTime }) => openTime >= from && openTime < to),
        );
      }),
    );
  });

  test("the candles that had closed", () => {
    fc.assert(
      fc.property(candlesArbitrary, time, (candles, asOf) => {
        expectRows(
          closedCandles(series(candles), asOf),
          candles.filter(({ openTime }) => openTime + DAY <= asOf),
        );
      }),
    );
  });

  test("a filter", () => {
    fc.assert(
      fc.property(candlesArbitrary, fc.func(fc.boolean()), (candles, keep) => {
        const given = series(candles);
        expectRows(
          filterSeries(given, (row) => keep(given.openTime[row])),
          candles.filter(({ openTime }) => keep(openTime)),
        );
      }),
    );
  });

  test("rows taken in any order, also more than once", () => {
    fc.assert(
      fc.property(candlesArbitrary, fc.array(fc.nat()), (candles, picks) => {
        const rows = candles.length > 0 ? picks.map((pick) => pick % candles.length) : [];
        expectRows(
          takeRows(series(candles), rows),
          rows.map((row) => candles[row]),
        );
      }),
    );
  });

  test("a concatenation, of no parts too", () => {
    fc.assert(
      fc.property(fc.array(candlesArbitrary, { maxLength: 4 }), (parts) => {
        expectRows(
          concatSeries(
            BTC,
            parts.map((candles) => series(candles)),
          ),
          parts.flat(),
        );
      }),
    );
    expectRows(emptySeries(BTC), []);
  });

  test("versions sorted by open time and fetch", () => {
    fc.assert(
      fc.property(versionsArbitrary, (versions) => {
        expectRows(
          sortSeries(series(versions)),
          versions.toSorted((a, b) => a.openTime - b.openTime || a.fetchedAt - b.fetchedAt),
        );
      }),
    );
  });

  test("a partition by key, whose parts together are the whole", () => {
    const yearOf = (openTime: number) => String(new Date(openTime).getUTCFullYear());
    fc.assert(
      fc.property(candlesArbitrary, (candles) => {
        const given = series(candles);
        const parts = partitionSeries(given, yearOf);
        expect([...parts.keys()]).toEqual([...new Set(candles.map(({ openTime }) => yearOf(openTime)))]);
        for (const [year, part] of parts) {
          expectRows(
            part,
            candles.filter(({ openTime }) => yearOf(openTime) === year),
          );
        }
        expect(concatSeries(BTC, [...parts.values()])).toEqual(given);
      }),
    );
  });

  test("a merge, with the versions that it supersedes", () => {
    fc.assert(
      fc.property(seriesArbitrary, seriesArbitrary, versionsArbitrary, fc.boolean(), (stored, fetched, revisions, reversed) => {
        const merged = mergeSeries(series(stored), series(reversed ? fetched.toReversed() : fetched), series(revisions));
        const { candles, superseded, ...counts } = naiveMerge(stored, fetched, revisions);
        expectRows(merged.series, candles);
        expectRows(merged.superseded, superseded);
        expect(merged).toMatchObject(counts);
      }),
      { numRuns: 2_000 },
    );
  });

  test("what was known at a time", () => {
    fc.assert(
      fc.property(seriesArbitrary, versionsArbitrary, fc.integer({ min: 0, max: 7 }), (candles, revisions, knownAt) => {
        expectRows(asKnownAt(series(candles), series(revisions), knownAt), naiveKnownAt(candles, revisions, knownAt));
      }),
      { numRuns: 1_000 },
    );
  });
});

test("an unknown value stays NaN through every verb, and no verb changes its argument", () => {
  const given = series([candle(0, { marketCap: null }), candle(1, { quoteVolume: null }), candle(2)]);
  const before = structuredClone(given);
  const results = [
    sliceSeries(given, 0, 3),
    sliceTimes(given, { from: 0, to: Number.POSITIVE_INFINITY }),
    closedCandles(given, Number.POSITIVE_INFINITY),
    filterSeries(given, () => true),
    takeRows(given, [0, 1, 2]),
    concatSeries(BTC, [given]),
    sortSeries(given),
    mergeSeries(given, emptySeries(BTC)).series,
    mergeSeries(emptySeries(BTC), given).series,
    mergeSeries(given, series(rowsOf(given).map((row) => ({ ...row, fetchedAt: row.fetchedAt + 1 })))).series,
  ];
  for (const result of results) expect(result).toEqual(before);
  expect(given).toEqual(before);
});
