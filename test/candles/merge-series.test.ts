import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { mergeSeries } from "../../core/candles/merge-series.ts";
import { rowsOf } from "./rows.ts";
import { candle, candlesArbitrary, START, series } from "./series.ts";

const earlier = START + 1;
const later = START + 2;
const closes = (merged: CandleSeries) => [...merged.close];

describe("a merge", () => {
  test("adds what is new, in order", () => {
    const { series: merged, added, revised } = mergeSeries(series([candle(1), candle(4)]), series([candle(0), candle(2)]));
    expect([...merged.openTime]).toEqual([0, 1, 2, 4].map((day) => candle(day).openTime));
    expect({ added, revised }).toEqual({ added: 2, revised: 0 });
  });

  test("takes the newer fetch where values differ", () => {
    const old = series([candle(1, { close: 10, fetchedAt: earlier })]);
    const fresh = series([candle(1, { close: 11, fetchedAt: later })]);
    expect(mergeSeries(old, fresh)).toMatchObject({ added: 0, revised: 1 });
    expect(closes(mergeSeries(old, fresh).series)).toEqual([11]);
    expect(closes(mergeSeries(fresh, old).series)).toEqual([11]);
    expect(mergeSeries(fresh, old).revised).toBe(0);
  });

  test("keeps the stored row where values agree, so that nothing is rewritten", () => {
    const stored = series([candle(1, { fetchedAt: earlier })]);
    const merged = mergeSeries(stored, series([candle(1, { fetchedAt: later })]));
    expect(merged).toMatchObject({ added: 0, revised: 0 });
    expect(merged.series).toEqual(stored);
  });

  test("never replaces a known market cap or quote volume by an unknown one", () => {
    const known = series([candle(1, { marketCap: 7, quoteVolume: 8, fetchedAt: earlier })]);
    const unknown = series([candle(1, { close: 99, marketCap: null, quoteVolume: null, fetchedAt: later })]);
    for (const merged of [mergeSeries(known, unknown), mergeSeries(unknown, known)]) {
      expect(rowsOf(merged.series)[0]).toMatchObject({ close: 99, marketCap: 7, quoteVolume: 8 });
    }
  });

  test("takes a market cap that became known as a revision", () => {
    const merged = mergeSeries(series([candle(1, { fetchedAt: earlier })]), series([candle(1, { marketCap: 7, fetchedAt: later })]));
    expect(merged.revised).toBe(1);
    expect(merged.series.marketCap[0]).toBe(7);
  });
});

test("merging twice is merging once", () => {
  fc.assert(
    fc.property(candlesArbitrary, candlesArbitrary, (a, b) => {
      const once = mergeSeries(series(a), series(b.map((row) => ({ ...row, fetchedAt: row.fetchedAt + 1 }))));
      const twice = mergeSeries(once.series, series(b.map((row) => ({ ...row, fetchedAt: row.fetchedAt + 1 }))));
      expect(twice.series).toEqual(once.series);
      expect(twice).toMatchObject({ added: 0, revised: 0 });
    }),
  );
});

test("a merge loses no open time, has each once, and leaves its arguments alone", () => {
  fc.assert(
    fc.property(candlesArbitrary, candlesArbitrary, (a, b) => {
      const [left, right] = [series(a), series(b)];
      const before = structuredClone([left, right]);
      const { series: merged, added } = mergeSeries(left, right);
      expect([...merged.openTime]).toEqual([...new Set([...left.openTime, ...right.openTime])].sort((x, y) => x - y));
      expect(merged.length).toBe(left.length + added);
      expect([left, right]).toEqual(before);
    }),
  );
});

test("the order in which fetches are merged does not matter", () => {
  const fetch = fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fetch, { minLength: 1, maxLength: 5 }), fc.integer(), (fetches, seed) => {
      const parts = fetches.map((days, i) =>
        series(days.sort((a, b) => a - b).map((day) => candle(day, { close: 10 + i, fetchedAt: START + i }))),
      );
      const shuffled = parts.map((part, i) => ({ part, at: Math.imul(seed + i, 0x9e3779b1) >>> 0 })).sort((a, b) => a.at - b.at);
      const merge = (list: readonly CandleSeries[]) => list.reduce((merged, part) => mergeSeries(merged, part).series, series([]));
      expect(merge(shuffled.map(({ part }) => part))).toEqual(merge(parts));
    }),
  );
});
