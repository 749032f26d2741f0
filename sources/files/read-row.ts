import type { RawCandle } from "../../core/candles/candle.ts";
import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import { type Interval, intervalMs } from "../../core/vocabulary/interval.ts";
import type { Field, FileShape, VolumeUnit } from "./detect-shape.ts";
import { readNumber } from "./read-number.ts";
import { readSymbol } from "./read-symbol.ts";
import { type DateOrder, readTime } from "./read-time.ts";
import type { TableRow } from "./table.ts";

/** What is settled for a whole file. */
export interface RowContext {
  readonly file: string;
  readonly shape: FileShape;
  /** Of the file, where no column tells it. */
  readonly symbol: string | null;
  readonly order: DateOrder | null;
  /** What the column `volume` counts. */
  readonly volumeUnit: VolumeUnit;
}

export interface FileRow extends RawCandle {
  readonly line: number;
  readonly symbol: string;
  /** Of a file that was exported from a store; null elsewhere. */
  readonly origin: { readonly source: string; readonly fetchedAt: number } | null;
}

/** Columns of numbers, whose damage is told before anything else of a row. */
const NUMBERS: readonly Field[] = ["open", "high", "low", "close", "volume", "quoteVolume", "marketCap"];

/**
 * The numbers of a row; null is unknown.
 *
 * @throws {InvalidCandleError} naming file, line and value of one that is none
 */
export function readNumbers(row: TableRow, { file, shape }: Pick<RowContext, "file" | "shape">): ReadonlyMap<Field, number | null> {
  if (row.cells.length !== shape.width) throw refusal(file, row, `${row.cells.length} values where the file has ${shape.width} columns`);
  return new Map(
    NUMBERS.map((field) => {
      const at = shape.columns[field];
      const value = readNumber(at === undefined ? null : row.cells[at]);
      if (typeof value === "object" && value !== null) throw refusal(file, row, `${field} ${value.reason}`);
      return [field, value];
    }),
  );
}

function refusal(file: string, { line }: TableRow, reason: string): InvalidCandleError {
  return new InvalidCandleError(`${file}, line ${line}: ${reason}`);
}

/**
 * A row of a file as a raw candle: prices that the file calls unknown are NaN, for the rules of dirty data to judge.
 *
 * @throws {InvalidCandleError} naming file, line and reason where a value can't be told without a guess
 */
export function readRow(row: TableRow, context: RowContext): FileRow {
  const { file, shape, symbol, order, volumeUnit } = context;
  const refuse = (reason: string) => refusal(file, row, reason);
  const numbers = readNumbers(row, context);
  const cell = (field: Field) => {
    const at = shape.columns[field];
    return at === undefined ? undefined : row.cells[at];
  };
  const time = readTime(cell("time"), order);
  if (typeof time === "object") throw refuse(`time ${time.reason}`);
  const named = shape.columns.symbol === undefined ? symbol : readSymbol(String(cell("symbol") ?? ""), symbol);
  if (named === null) throw refuse("no column and no name tells the coin: say it by --symbol");
  if (typeof named === "object") throw refuse(`symbol ${named.reason}`);
  if (symbol !== null && named !== symbol) throw refuse(`symbol is ${named}, but ${symbol} was asked for`);
  const price = (field: Field) => numbers.get(field) ?? Number.NaN;
  const close = price("close");
  const isQuote = volumeUnit === "quote";
  const quoteVolume = numbers.get(isQuote ? "volume" : "quoteVolume") ?? null;
  const base = isQuote ? null : numbers.get("volume");
  return {
    line: row.line,
    symbol: named,
    openTime: time,
    open: price("open"),
    high: price("high"),
    low: price("low"),
    close,
    // The turnover in coins, where a file has it in dollars only: at the closing price.
    volume: base ?? (quoteVolume === null ? Number.NaN : close > 0 ? quoteVolume / close : quoteVolume === 0 ? 0 : Number.NaN),
    quoteVolume,
    marketCap: numbers.get("marketCap") ?? null,
    origin: originOf(cell("source"), cell("fetchedAt")),
  };
}

function originOf(source: TableRow["cells"][number], fetchedAt: TableRow["cells"][number]): FileRow["origin"] {
  const time = typeof source === "string" && /^[\w:.-]{1,60}$/.test(source) && fetchedAt ? readTime(fetchedAt, null) : null;
  return typeof time === "number" ? { source: source as string, fetchedAt: time } : null;
}

/** Open time of a row whose file tells the last second of its candle. */
export function openTimeOf(time: number, shape: FileShape, interval: Interval): number {
  const step = intervalMs(interval);
  return shape.isCloseTime && time % step !== 0 ? Math.floor(time / step) * step : time;
}
