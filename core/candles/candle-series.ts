import type { Interval } from "../vocabulary/interval.ts";

/**
 * Candles of one symbol, one array per column. Every column has `length` values, ordered and unique by open time, all of
 * closed candles. An unknown quote volume or market cap is NaN here and null in a file, never 0.
 */
export interface CandleSeries {
  readonly symbol: string;
  readonly interval: Interval;
  readonly length: number;
  /** ms since the epoch, UTC */
  readonly openTime: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** base units */
  readonly volume: Float64Array;
  readonly quoteVolume: Float64Array;
  readonly marketCap: Float64Array;
  /** name of the source that served the candle */
  readonly source: readonly string[];
  /** ms since the epoch, UTC */
  readonly fetchedAt: Float64Array;
}

/** The columns of {@link CandleSeries}, holding several versions of the same candle, in any order. */
export type CandleVersions = CandleSeries;

/** Which candles a series is about. */
export type SeriesIdentity = Pick<CandleSeries, "symbol" | "interval">;

export const NUMBER_COLUMNS = [
  "openTime",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "quoteVolume",
  "marketCap",
  "fetchedAt",
] as const satisfies readonly (keyof CandleSeries)[];

export type NumberColumn = (typeof NUMBER_COLUMNS)[number];

/** A series from its columns, each of which is asked for by name. */
export function createSeries(
  { symbol, interval }: SeriesIdentity,
  source: readonly string[],
  column: (name: NumberColumn) => Float64Array,
): CandleSeries {
  return {
    symbol,
    interval,
    length: source.length,
    openTime: column("openTime"),
    open: column("open"),
    high: column("high"),
    low: column("low"),
    close: column("close"),
    volume: column("volume"),
    quoteVolume: column("quoteVolume"),
    marketCap: column("marketCap"),
    source,
    fetchedAt: column("fetchedAt"),
  };
}
