/*
 * What can be done with a series, column by column. Every verb returns a new series that shares no memory with its
 * argument; NaN (unknown) stays NaN.
 */
import { intervalMs } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";
import { type CandleSeries, type CandleVersions, createSeries, type SeriesIdentity } from "./candle-series.ts";

export function emptySeries(identity: SeriesIdentity): CandleSeries {
  return createSeries(identity, [], () => new Float64Array(0));
}

/** The candles in rows `from` to `to − 1`; both are cut to the length of the series. */
export function sliceSeries(series: CandleSeries, from: number, to: number): CandleSeries {
  return createSeries(series, series.source.slice(from, to), (name) => series[name].slice(from, to));
}

/** The candles whose open time is in the range. @param series ordered by open time */
export function sliceTimes(series: CandleSeries, { from, to }: TimeRange): CandleSeries {
  return sliceSeries(
    series,
    countWhile(series.openTime, (time) => time < from),
    countWhile(series.openTime, (time) => time < to),
  );
}

/** The candles that had closed at `asOf` (ms UTC). @param series ordered by open time */
export function closedCandles(series: CandleSeries, asOf: number): CandleSeries {
  const step = intervalMs(series.interval);
  return sliceSeries(
    series,
    0,
    countWhile(series.openTime, (time) => time + step <= asOf),
  );
}

/** The candles of the given rows, in the order given; a row may be taken more than once. */
export function takeRows(series: CandleSeries, rows: ArrayLike<number>): CandleSeries {
  return createSeries(
    series,
    Array.from(rows, (row) => series.source[row]),
    (name) => {
      const from = series[name];
      const column = new Float64Array(rows.length);
      for (let i = 0; i < rows.length; i++) column[i] = from[rows[i]];
      return column;
    },
  );
}

/** The candles of the rows for which `keep` is true. */
export function filterSeries(series: CandleSeries, keep: (row: number) => boolean): CandleSeries {
  const rows: number[] = [];
  for (let row = 0; row < series.length; row++) if (keep(row)) rows.push(row);
  return takeRows(series, rows);
}

/** All candles of the parts, part after part. They are not sorted, and nothing is dropped. */
export function concatSeries(identity: SeriesIdentity, parts: readonly CandleSeries[]): CandleSeries {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return createSeries(
    identity,
    parts.flatMap(({ source }) => source),
    (name) => {
      const column = new Float64Array(length);
      let at = 0;
      for (const part of parts) {
        column.set(part[name], at);
        at += part.length;
      }
      return column;
    },
  );
}

/** The same candles ordered by open time; versions of one candle are ordered by their fetch. */
export function sortSeries(series: CandleVersions): CandleVersions {
  const { openTime, fetchedAt } = series;
  const rows = Array.from(openTime, (_, row) => row);
  return takeRows(
    series,
    rows.sort((a, b) => openTime[a] - openTime[b] || fetchedAt[a] - fetchedAt[b]),
  );
}

/** The series cut into parts by a key of the open time. Parts come in the order of their first candle. */
export function partitionSeries(series: CandleSeries, keyOf: (openTime: number) => string): Map<string, CandleSeries> {
  const rows = Map.groupBy(series.openTime.keys(), (row) => keyOf(series.openTime[row]));
  return new Map([...rows].map(([key, own]) => [key, takeRows(series, own)]));
}

/** How many values at the beginning of an ascending column fulfil a condition that none after them fulfils. */
function countWhile(column: Float64Array, holds: (value: number) => boolean): number {
  let from = 0;
  let to = column.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(column[middle])) from = middle + 1;
    else to = middle;
  }
  return from;
}
