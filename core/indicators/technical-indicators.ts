import * as library from "technicalindicators";
import { InvalidInputError } from "../errors.ts";
import type { PriceColumns } from "./price-columns.ts";
import { rollingMax, rollingMin } from "./rolling-extremes.ts";
import { rollingMean } from "./rolling-mean.ts";

/*
 * The indicators that the package `technicalindicators` gets right (it agrees with TA-Lib on them), brought to the
 * project's shape: as long as the input, NaN while warming up and where undefined. On flat prices the package divides
 * what rounding left over by what rounding left over, or answers 0: such windows are found here by their extremes.
 */

/** Simple moving average; the first `period - 1` of n values are NaN. */
export function sma(values: Float64Array, period: number): Float64Array {
  return padded("SMA", library.sma({ period, values: Array.from(values) }), values.length, period - 1);
}

/** Exponential moving average, alpha 2 / (period + 1), begun with the first simple average; the first `period - 1` are NaN. */
export function ema(values: Float64Array, period: number): Float64Array {
  return padded("EMA", library.ema({ period, values: Array.from(values) }), values.length, period - 1);
}

/** Linearly weighted moving average, the newest value weighing most; the first `period - 1` are NaN. */
export function wma(values: Float64Array, period: number): Float64Array {
  return padded("WMA", library.wma({ period, values: Array.from(values) }), values.length, period - 1);
}

/** Bands at a distance of standard deviations (population) around the simple moving average. */
export interface BollingerBands {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
  /** place of the close: 0 at the lower band, 1 at the upper one; NaN where the prices of the window are all the same */
  readonly percentB: Float64Array;
}

/** Bollinger bands of n closes; the first `period - 1` are NaN. */
export function bollingerBands(close: Float64Array, period: number, deviations = 2): BollingerBands {
  const rows = library.bollingerbands({ period, stdDev: deviations, values: Array.from(close) });
  const flat = flatWindows(close, close, period);
  const column = (value: (row: (typeof rows)[number]) => number) => padded("Bollinger bands", rows.map(value), close.length, period - 1);
  const middle = column((row) => row.middle);
  return {
    middle,
    upper: column((row) => row.upper).map((value, i) => (flat[i] ? middle[i] : value)),
    lower: column((row) => row.lower).map((value, i) => (flat[i] ? middle[i] : value)),
    percentB: column((row) => row.pb).map((value, i) => (flat[i] ? Number.NaN : value)),
  };
}

/**
 * Stochastic oscillator, in percent: %K is the place of the close between the lowest low and the highest high of the
 * window, %D its simple average over `signalPeriod`. Undefined where the window has no height.
 */
export function stochastic(prices: PriceColumns, period: number, signalPeriod: number): { k: Float64Array; d: Float64Array } {
  const rows = library.stochastic({ ...lists(prices), period, signalPeriod });
  const flat = flatWindows(prices.high, prices.low, period);
  const all = padded(
    "Stochastic",
    rows.map((row) => row.k),
    prices.close.length,
    period - 1,
  );
  const k = all.map((value, i) => (flat[i] ? Number.NaN : value));
  return { k, d: rollingMean(k, signalPeriod) };
}

/** Williams %R, from -100 (close at the window's low) to 0; undefined where the window has no height. */
export function williamsR(prices: PriceColumns, period: number): Float64Array {
  const flat = flatWindows(prices.high, prices.low, period);
  const all = padded("Williams %R", library.williamsr({ ...lists(prices), period }), prices.close.length, period - 1);
  return all.map((value, i) => (flat[i] ? Number.NaN : value));
}

/** Commodity channel index of the typical price; undefined where it doesn't change in the window. */
export function cci(prices: PriceColumns, period: number): Float64Array {
  const typical = prices.close.map((close, i) => (prices.high[i] + prices.low[i] + close) / 3);
  const flat = flatWindows(typical, typical, period);
  const all = padded("CCI", library.cci({ ...lists(prices), period }), typical.length, period - 1);
  return all.map((value, i) => (flat[i] ? Number.NaN : value));
}

/** Rate of change in percent against the value `period` candles ago; the first `period` are NaN. */
export function roc(values: Float64Array, period: number): Float64Array {
  return padded("ROC", library.roc({ period, values: Array.from(values) }), values.length, period);
}

/** Average true range (Wilder), in the prices' unit; the first `period` are NaN. */
export function atr(prices: PriceColumns, period: number): Float64Array {
  return padded("ATR", library.atr({ ...lists(prices), period }), prices.close.length, period);
}

function lists({ high, low, close }: PriceColumns) {
  return { high: Array.from(high), low: Array.from(low), close: Array.from(close) };
}

/** Rows whose last `period` candles all lie on one price. */
function flatWindows(high: Float64Array, low: Float64Array, period: number): boolean[] {
  const lowest = rollingMin(low, period);
  return Array.from(rollingMax(high, period), (highest, i) => highest === lowest[i]);
}

/** @throws {InvalidInputError} if the package left rows out, as it does on NaN: they could not be put in their place */
function padded(name: string, values: readonly number[], length: number, lookback: number): Float64Array {
  if (values.length !== Math.max(0, length - lookback)) {
    throw new InvalidInputError(`${name} gave ${values.length} values for ${length} prices with a lookback of ${lookback}`);
  }
  const out = new Float64Array(length).fill(Number.NaN);
  values.forEach((value, i) => {
    if (Number.isFinite(value)) out[lookback + i] = value;
  });
  return out;
}
