import * as library from "technicalindicators";
import { expect, test } from "vitest";
import { atr } from "../../core/indicators/average-true-range.ts";
import { bollingerBands } from "../../core/indicators/bollinger-bands.ts";
import { cci } from "../../core/indicators/commodity-channel-index.ts";
import { roc } from "../../core/indicators/momentum.ts";
import { ema, sma, wma } from "../../core/indicators/moving-averages.ts";
import { stochastic, williamsR } from "../../core/indicators/stochastic.ts";
import { livelyCandles } from "./random-candles.ts";

/* The package `technicalindicators` agrees with TA-Lib on these. It leaves the warm-up out. */
const prices = livelyCandles(300);
const { close } = prices;
const lists = { high: Array.from(prices.high), low: Array.from(prices.low), close: Array.from(close) };
const values = lists.close;

test.each([
  ["SMA", sma(close, 20), library.sma({ period: 20, values })],
  ["EMA", ema(close, 12), library.ema({ period: 12, values })],
  ["WMA", wma(close, 21), library.wma({ period: 21, values })],
  [
    "upper Bollinger band",
    bollingerBands(close, 20).upper,
    library.bollingerbands({ period: 20, stdDev: 2, values }).map(({ upper }) => upper),
  ],
  ["Bollinger %B", bollingerBands(close, 20).percentB, library.bollingerbands({ period: 20, stdDev: 2, values }).map(({ pb }) => pb)],
  ["Stochastic %K", stochastic(prices, 14, 3).k, library.stochastic({ ...lists, period: 14, signalPeriod: 3 }).map(({ k }) => k)],
  ["Williams %R", williamsR(prices, 28), library.williamsr({ ...lists, period: 28 })],
  ["CCI", cci(prices, 20), library.cci({ ...lists, period: 20 })],
  ["ROC", roc(close, 12), library.roc({ period: 12, values })],
  ["ATR", atr(prices, 14), library.atr({ ...lists, period: 14 })],
])("%s is what technicalindicators computes", (_, ours, theirs) => {
  const warmUp = ours.length - theirs.length;
  expect(ours.findIndex(Number.isFinite)).toBe(warmUp);
  theirs.forEach((value, i) => {
    expect(Math.abs(ours[warmUp + i] - value), `row ${warmUp + i}`).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  });
});
