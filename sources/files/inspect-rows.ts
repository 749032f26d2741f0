import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import { INTERVALS, type Interval, intervalMs, parseInterval } from "../../core/vocabulary/interval.ts";
import { detectShape, type FileShape } from "./detect-shape.ts";
import { type FileRow, openTimeOf, readNumbers, readRow } from "./read-row.ts";
import { symbolFromName } from "./read-symbol.ts";
import { type DateOrder, dayOrMonth } from "./read-time.ts";
import type { TableRow, TableRows } from "./table.ts";

/** What someone says of a file, where the file does not. */
export interface FileHints {
  readonly symbol?: string;
  readonly interval?: Interval;
  readonly dateOrder?: DateOrder;
}

/** All that the second reading of a file needs to know from the first. */
export interface FileFacts {
  readonly shape: FileShape;
  readonly interval: Interval;
  /** Of all rows, where no column tells it. */
  readonly symbol: string | null;
  readonly order: DateOrder | null;
  readonly rows: number;
  /** Per symbol, the first open time of a row with prices; null where there is none. */
  readonly listedFrom: Readonly<Record<string, number | null>>;
}

/** More coins than this in one file are a sign that another column was taken for the symbol. */
const MAX_SYMBOLS = 500;
const MAX_GAPS = 1_000;

/**
 * Reads a file through once, keeping none of it, so that nothing of a damaged file is stored.
 *
 * @param open gives the rows from the beginning each time
 * @throws {InvalidCandleError} naming file, line and reason of what can't be told without a guess
 */
export async function inspectRows(file: string, open: () => TableRows, hints: FileHints): Promise<FileFacts> {
  const first = await firstRow(file, open());
  const shape = detectShape(file, first);
  const symbol = hints.symbol ?? (shape.columns.symbol === undefined ? symbolFromName(file) : null);
  const order = hints.dateOrder ?? (await findDateOrder(file, open(), shape));
  const listedFrom: Record<string, number | null> = {};
  const lastTime = new Map<string, number>();
  const gaps = new Map<number, number>();
  let named: Interval | null = hints.interval ?? null;
  let rows = 0;
  const context = { file, shape, symbol, order };
  let refused: InvalidCandleError | null = null;
  for await (const row of dataRows(open(), shape)) {
    let read: FileRow | null = null;
    try {
      if (refused === null) read = readRow(row, context);
    } catch (error) {
      if (!(error instanceof InvalidCandleError)) throw error;
      refused = error;
    }
    // A damaged number is told rather than anything else, wherever it is: it shows what happened to the file.
    if (read === null) {
      readNumbers(row, context);
      continue;
    }
    const { symbol: coin, openTime, close } = read;
    rows++;
    if (named === null && shape.columns.interval !== undefined) named = intervalFrom(file, row, shape);
    if (!(coin in listedFrom)) {
      if (Object.keys(listedFrom).length === MAX_SYMBOLS)
        throw new InvalidCandleError(`${file}, line ${row.line}: more than ${MAX_SYMBOLS} symbols`);
      listedFrom[coin] = null;
    }
    const before = lastTime.get(coin);
    lastTime.set(coin, openTime);
    if (close > 0) listedFrom[coin] = Math.min(listedFrom[coin] ?? Number.POSITIVE_INFINITY, openTime);
    if (before === undefined || before === openTime) continue;
    const gap = Math.abs(openTime - before);
    if (gaps.has(gap) || gaps.size < MAX_GAPS) gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
  }
  if (refused !== null) throw refused;
  if (rows === 0) throw new InvalidCandleError(`${file}: holds no row`);
  const interval = named ?? commonInterval(file, gaps);
  const grid = Object.entries(listedFrom).map(([coin, time]) => [coin, time === null ? null : openTimeOf(time, shape, interval)] as const);
  return { shape, interval, symbol, order, rows, listedFrom: Object.fromEntries(grid) };
}

/** Rows without the header. */
export async function* dataRows(rows: TableRows, { hasHeader }: FileShape): AsyncGenerator<TableRow> {
  let isFirst = hasHeader;
  for await (const row of rows) {
    if (!isFirst) yield row;
    isFirst = false;
  }
}

async function firstRow(file: string, rows: TableRows): Promise<TableRow> {
  for await (const row of rows) return row;
  throw new InvalidCandleError(`${file}: is empty`);
}

/** A number above 12 is a day. Null where the dates say it by their form, or not at all. */
async function findDateOrder(file: string, rows: TableRows, shape: FileShape): Promise<DateOrder | null> {
  let order: DateOrder | null = null;
  for await (const { line, cells } of dataRows(rows, shape)) {
    const cell = cells[shape.columns.time ?? 0];
    const found = dayOrMonth(cell);
    if (!found) break;
    const told: DateOrder | null = found[0] > 12 ? "dmy" : found[1] > 12 ? "mdy" : null;
    if (told && order && told !== order) {
      throw new InvalidCandleError(
        `${file}, line ${line}: ${JSON.stringify(cell)} has day and month the other way round than dates above it`,
      );
    }
    order ??= told;
  }
  return order;
}

function intervalFrom(file: string, { line, cells }: TableRow, shape: FileShape): Interval {
  try {
    return parseInterval(String(cells[shape.columns.interval ?? 0]));
  } catch (cause) {
    throw new InvalidCandleError(`${file}, line ${line}: ${(cause as Error).message}`, { cause });
  }
}

/** The most common distance of a coin's neighbouring rows. */
function commonInterval(file: string, gaps: ReadonlyMap<number, number>): Interval {
  const [common] = [...gaps].sort(([, a], [, b]) => b - a);
  const found = INTERVALS.find((interval) => intervalMs(interval) === common?.[0]);
  if (found) return found;
  const seen = common ? `most rows are ${common[0] / 60_000} minutes apart` : "no two rows of a coin tell it";
  throw new InvalidCandleError(`${file}: the length of its candles is none of ${INTERVALS.join(", ")}: ${seen}; say it by --interval`);
}
