import type { CandleSeries } from "../candles/candle-series.ts";
import { logRatio } from "../indicators/log-ratio.ts";
import { perSeries } from "./per-series.ts";
import { ratio } from "./ratio.ts";

/**
 * Values computed from candles, one per candle. A column knows how far back it looks and the lengths of its windows, so that
 * a feature made of it needs neither written by hand.
 */
export interface Column {
  /** The lengths of its windows in candles, as they stand in a feature's name: 14 in `rsi_14`. */
  readonly lengths: readonly number[];
  /** Candles needed before the one with the first value: rows 0 to lookback − 1 are NaN. */
  readonly lookback: number;
  /** n values for n candles. */
  readonly compute: (series: CandleSeries) => Float64Array;
}

/** Which candles a calculation reads. */
export interface Window {
  /** in candles */
  readonly length: number;
  readonly lookback: number;
}

/** The newest `length` candles, the current one included. */
export function rolling(length: number): Window {
  return { length, lookback: length - 1 };
}

/** The newest `length` changes from one candle to the next, or one change over `length` candles. */
export function changes(length: number): Window {
  return { length, lookback: length };
}

/** A window over what another window gives. People call it by the length of the first. */
export function followedBy(first: Window, second: Window): Window {
  return { length: first.length, lookback: first.lookback + second.lookback };
}

/** A column of the candles themselves: a price, a volume, or anything made of a candle and those before it. */
export function input(compute: Column["compute"]): Column {
  return { lengths: [], lookback: 0, compute };
}

/** A calculation on candles. */
export function overCandles({ length, lookback }: Window, compute: (series: CandleSeries, length: number) => Float64Array): Column {
  return { lengths: [length], lookback, compute: (series) => compute(series, length) };
}

/** A calculation on another column. */
export function overColumn(
  { length, lookback }: Window,
  column: Column,
  compute: (values: Float64Array, length: number) => Float64Array,
): Column {
  return { lengths: [length], lookback: column.lookback + lookback, compute: (series) => compute(column.compute(series), length) };
}

/** The same column, whose lengths are not to stand in a feature's name. */
export function withoutLengths(column: Column): Column {
  return { ...column, lengths: [] };
}

/** The same column, computed once per series, however many features read it. Its values must not be changed. */
export function shared(column: Column): Column {
  return { ...column, compute: perSeries(column.compute) };
}

/** A column divided by a unit of measurement, which does not show in the lengths. NaN where the quotient is not finite. */
export function inUnitsOf(column: Column, unit: Column): Column {
  return {
    lengths: column.lengths,
    lookback: Math.max(column.lookback, unit.lookback),
    compute: (series) => ratio(column.compute(series), unit.compute(series)),
  };
}

/** ln(column / reference). NaN unless both are finite and positive. */
export function logRatioTo(column: Column, reference: Column): Column {
  return {
    lengths: [...column.lengths, ...reference.lengths],
    lookback: Math.max(column.lookback, reference.lookback),
    compute: (series) => {
      const values = column.compute(series);
      const references = reference.compute(series);
      const out = new Float64Array(values.length);
      for (let i = 0; i < out.length; i++) out[i] = logRatio(values[i], references[i]);
      return out;
    },
  };
}
