import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { type ColumnSpec, type ParquetColumn, readBounds, readParquet, writeParquet } from "../parquet/parquet.ts";

export const CANDLE_COLUMNS = [
  { name: "symbol", type: "string", nullable: false },
  { name: "open_time", type: "timestamp", nullable: false },
  { name: "open", type: "double", nullable: false },
  { name: "high", type: "double", nullable: false },
  { name: "low", type: "double", nullable: false },
  { name: "close", type: "double", nullable: false },
  { name: "volume", type: "double", nullable: false },
  { name: "quote_volume", type: "double", nullable: true },
  { name: "market_cap", type: "double", nullable: true },
  { name: "source", type: "string", nullable: false },
  { name: "fetched_at", type: "timestamp", nullable: false },
] as const satisfies readonly ColumnSpec[];

/** A series as the bytes of a candle file. */
export function encodeCandles(series: CandleSeries): Uint8Array {
  return writeParquet(candleColumns(series));
}

/** A series as columns of {@link CANDLE_COLUMNS}. */
export function candleColumns(series: CandleSeries): ParquetColumn[] {
  const data: Record<(typeof CANDLE_COLUMNS)[number]["name"], ArrayLike<number> | readonly string[]> = {
    symbol: new Array<string>(series.length).fill(series.symbol),
    open_time: series.openTime,
    open: series.open,
    high: series.high,
    low: series.low,
    close: series.close,
    volume: series.volume,
    quote_volume: series.quoteVolume,
    market_cap: series.marketCap,
    source: series.source,
    fetched_at: series.fetchedAt,
  };
  return CANDLE_COLUMNS.map((column) => ({ ...column, data: data[column.name] }));
}

interface Expected {
  readonly key: string;
  readonly symbol: string;
  readonly interval: Interval;
}

/**
 * The candles of a candle file, in order of time.
 *
 * @throws {SchemaMismatchError} if the bytes are not a candle file
 * @throws {CorruptObjectError} if it holds another symbol, or open times that are not ordered and unique
 */
export async function decodeCandles(bytes: Uint8Array, expected: Expected): Promise<CandleSeries> {
  const series = await decodeRevisions(bytes, expected);
  for (let i = 1; i < series.length; i++) {
    if (!(series.openTime[i] > series.openTime[i - 1]))
      throw new CorruptObjectError(`${expected.key}: row ${i} is not later than the row before it`);
  }
  return series;
}

/** As {@link decodeCandles}, but an open time may occur several times, once for each superseded version. */
export async function decodeRevisions(bytes: Uint8Array, expected: Expected): Promise<CandleSeries> {
  const { rows, columns } = await readParquet(expected.key, bytes, CANDLE_COLUMNS);
  const number = (name: string) => columns[name] as Float64Array;
  const other = (columns.symbol as string[]).find((symbol) => symbol !== expected.symbol);
  if (other !== undefined) throw new CorruptObjectError(`${expected.key} holds a candle of ${other}, not of ${expected.symbol}`);
  return {
    symbol: expected.symbol,
    interval: expected.interval,
    length: rows,
    openTime: number("open_time"),
    open: number("open"),
    high: number("high"),
    low: number("low"),
    close: number("close"),
    volume: number("volume"),
    quoteVolume: number("quote_volume"),
    marketCap: number("market_cap"),
    source: columns.source as string[],
    fetchedAt: number("fetched_at"),
  };
}

/** The first and the last candle of a candle file, as far as it matters where to go on. */
export interface CandleEnds {
  readonly firstOpenTime: number;
  readonly firstSource: string;
  readonly lastOpenTime: number;
  readonly lastSource: string;
}

/** Statistics may cut longer texts than this. */
const WHOLE_TEXT = 16;

/**
 * The ends of a candle file, from its own statistics where they tell them, so that no row is decoded.
 *
 * @returns null if it holds no candle
 * @throws the same as {@link decodeCandles}
 */
export async function decodeEnds(bytes: Uint8Array, expected: Expected): Promise<CandleEnds | null> {
  const { symbol, open_time: time, source } = readBounds(expected.key, bytes, ["symbol", "open_time", "source"]) ?? {};
  const isOne = symbol?.min === expected.symbol && symbol.max === expected.symbol && source?.min === source?.max;
  if (isOne && typeof source?.min === "string" && source.min.length < WHOLE_TEXT && time?.min instanceof Date && time.max instanceof Date)
    return {
      firstOpenTime: time.min.getTime(),
      firstSource: source.min,
      lastOpenTime: time.max.getTime(),
      lastSource: source.min,
    };
  const { length, openTime, source: sources } = await decodeCandles(bytes, expected);
  if (length === 0) return null;
  return {
    firstOpenTime: openTime[0],
    firstSource: sources[0],
    lastOpenTime: openTime[length - 1],
    lastSource: sources[length - 1],
  };
}
