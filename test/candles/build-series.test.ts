import fc from "fast-check";
import { expect, test } from "vitest";
import { rowsOf } from "./rows.ts";
import { candle, candlesArbitrary, series } from "./series.ts";

test("candles become columns and come back as they were", () => {
  fc.assert(
    fc.property(candlesArbitrary, (candles) => {
      const columns = series(candles);
      expect(columns.length).toBe(candles.length);
      expect(rowsOf(columns)).toEqual(candles);
    }),
  );
});

test("what is unknown is NaN in a column, never 0", () => {
  const columns = series([candle(1, { marketCap: null, quoteVolume: null })]);
  expect(columns.marketCap[0]).toBeNaN();
  expect(columns.quoteVolume[0]).toBeNaN();
});
