import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import { INTERVALS, type Interval, intervalMs, parseInterval } from "../../core/vocabulary/interval.ts";
import { detectShape, type FileShape, isAboveHeader, type VolumeUnit } from "./detect-shape.ts";
import { type FileRow, openTimeOf, readNumbers, readRow } from "./read-row.ts";
import { otherMarketInName, symbolFromName } from "./read-symbol.ts";
import { type DateOrder, dayOrMonth } from "./read-time.ts";
import { watchSameTimes } from "./same-times.ts";
import type { TableRow, TableRows } from "./table.ts";
import { volumeEvidence } from "./volume-unit.ts";

/** What someone says of a file, where the file does not. */
export interface FileHints {
  readonly symbol?: string;
  readonly interval?: Interval;
  readonly dateOrder?: DateOrder;
  readonly volume?: VolumeUnit;
}

/** A file that can be read from the beginning again and again. */
export interface TableFile {
  /** Its path, for errors. */
  readonly file: string;
  /** Names that may tell what it holds: its own, and that of the one inside it. */
  readonly names: readonly string[];
  rows(): TableRows;
}

/** All that the second reading of a file needs to know from the first. */
export interface FileFacts {
  readonly shape: FileShape;
  readonly interval: Interval;
  /** Of all rows, where no column tells it. */
  readonly symbol: string | null;
  readonly order: DateOrder | null;
  readonly volumeUnit: VolumeUnit;
  readonly rows: number;
  /** Per symbol, the first open time of a row with prices; null where there is none. */
  readonly listedFrom: Readonly<Record<string, number | null>>;
}

/** More coins than this in one file are a sign that another column was taken for the symbol. */
const MAX_SYMBOLS = 500;
const DAY_MS = intervalMs("1d");
/** Distances and beginnings of rows that are told apart. */
const MAX_DISTINCT = 1_000;
/** Lines above a header that are passed over. */
const MAX_ABOVE = 10;

/**
 * Reads a file through once, keeping none of it, so that nothing of a damaged file is stored.
 *
 * @throws {InvalidCandleError} naming file, line and reason of what can't be told without a guess
 */
export async function inspectRows({ file, names, rows: open }: TableFile, hints: FileHints): Promise<FileFacts> {
  const shape = detectShape(file, await firstRow(file, open()));
  const symbol = hints.symbol ?? (shape.columns.symbol === undefined ? coinFromNames(names) : null);
  if (symbol !== null && shape.columns.symbol === undefined) assertDollarName(file, names, symbol);
  const order = hints.dateOrder ?? (await findDateOrder(file, open(), shape));
  const otherClose = watchSameTimes();
  const volumes = volumeEvidence();
  const offsets = new Map<number, number>();
  const listedFrom: Record<string, number | null> = {};
  const lastTime = new Map<string, number>();
  const gaps = new Map<number, number>();
  let named: Interval | null = hints.interval ?? null;
  let rows = 0;
  const context = { file, shape, symbol, order, volumeUnit: shape.volumeUnit ?? "base" };
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
    const other = otherClose(coin, openTime, close);
    if (other !== null)
      throw new InvalidCandleError(
        `${file}, line ${row.line}: ${coin} closes at ${close} and at ${other} at the same time: that is not one coin; give each coin a file of its own, or a column that names it`,
      );
    volumes.add(read);
    const offset = openTime % DAY_MS;
    if (offsets.has(offset) || offsets.size < MAX_DISTINCT) offsets.set(offset, (offsets.get(offset) ?? 0) + 1);
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
    if (gaps.has(gap) || gaps.size < MAX_DISTINCT) gaps.set(gap, (gaps.get(gap) ?? 0) + 1);
  }
  if (refused !== null) throw refused;
  if (rows === 0) throw new InvalidCandleError(`${file}: holds no row`);
  const interval = named ?? commonInterval(file, gaps);
  assertDaysAtMidnight(file, { interval, shape, offsets, rows });
  const volumeUnit = volumes.decide(shape, hints.volume ?? null, intervalMs(interval));
  if (typeof volumeUnit === "object") throw new InvalidCandleError(`${file}: ${volumeUnit.reason}`);
  const grid = Object.entries(listedFrom).map(([coin, time]) => [coin, time === null ? null : openTimeOf(time, shape, interval)] as const);
  return { shape, interval, symbol, order, volumeUnit, rows, listedFrom: Object.fromEntries(grid) };
}

/** Rows without the header, and without what stands above it. */
export async function* dataRows(rows: TableRows, { hasHeader, firstLine }: FileShape): AsyncGenerator<TableRow> {
  for await (const row of rows) if (row.line > firstLine || (row.line === firstLine && !hasHeader)) yield row;
}

/** The header, or the first row where there is none. */
async function firstRow(file: string, rows: TableRows): Promise<TableRow> {
  let first: TableRow | null = null;
  let above = 0;
  for await (const row of rows) {
    first ??= row;
    if (!isAboveHeader(row)) return row;
    if (++above >= MAX_ABOVE) break;
  }
  // What has too few columns says so.
  if (first) return first;
  throw new InvalidCandleError(`${file}: is empty`);
}

function coinFromNames(names: readonly string[]): string | null {
  return names.map(symbolFromName).find((coin) => coin !== null) ?? null;
}

/** @throws {InvalidCandleError} if a name says that prices are in another currency, also where `--symbol` names a coin */
function assertDollarName(file: string, names: readonly string[], symbol: string): void {
  for (const name of names) {
    const other = otherMarketInName(name, symbol);
    if (other)
      throw new InvalidCandleError(
        `${file}: its name says ${other.market}, so its prices are in ${other.quote}; only prices in dollars are stored`,
      );
  }
}

interface DayFacts {
  readonly interval: Interval;
  readonly shape: FileShape;
  /** How many rows begin so long after midnight, in ms. */
  readonly offsets: ReadonlyMap<number, number>;
  readonly rows: number;
}

/** @throws {InvalidCandleError} if most days begin at another time than midnight UTC */
function assertDaysAtMidnight(file: string, { interval, shape, offsets, rows }: DayFacts): void {
  if (interval !== "1d" || shape.isCloseTime) return;
  const off = [...offsets].filter(([offset]) => offset !== 0).sort(([, a], [, b]) => b - a);
  if (off.reduce((sum, [, n]) => sum + n, 0) <= rows / 2) return;
  const time = new Date(off[0][0]).toISOString().slice(11, 16);
  throw new InvalidCandleError(
    `${file}: its days begin at ${time} UTC, not at midnight, as Gemini's do (midnight in New York). They cover other hours than the days of other sources, so they are not stored`,
  );
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
