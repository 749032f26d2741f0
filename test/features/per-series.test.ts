import { expect, test } from "vitest";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { perSeries } from "../../core/features/per-series.ts";
import { livelyCandles } from "./random-candles.ts";

test("what features share is computed once per series", () => {
  let computed = 0;
  const shared = perSeries(({ close }) => {
    computed++;
    return close[0];
  });
  const [series, other] = [livelyCandles(3), livelyCandles(3)];
  expect([shared(series), shared(series), shared(other)]).toEqual([series.close[0], series.close[0], other.close[0]]);
  expect(computed).toBe(2);
});

test("nothing of it is left from one computation to the next", () => {
  const series = livelyCandles(200);
  const before = computeFeatures(series);
  series.close.forEach((price, i) => {
    series.close[i] = i % 2 ? price * 1.1 : price;
  });
  const after = computeFeatures(series);
  for (const name of ["macd_line", "atr_ratio_14", "bollinger_width_20", "volatility_60"]) {
    const f = before.names.indexOf(name);
    expect(after.columns[f].at(-1), name).not.toBe(before.columns[f].at(-1));
  }
});
