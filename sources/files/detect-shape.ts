import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import { DOLLARS, isOtherQuote, MONEY } from "./quotes.ts";
import { isPlainNumber } from "./read-number.ts";
import type { TableRow } from "./table.ts";

/** What a column may hold. */
export type Field =
  | "time"
  | "open"
  | "high"
  | "low"
  | "close"
  | "volume"
  | "quoteVolume"
  | "marketCap"
  | "symbol"
  | "interval"
  | "source"
  | "fetchedAt";

/** What the column `volume` counts: coins, or money of the quote currency. */
export type VolumeUnit = "base" | "quote";

/** Where a file's columns are, and what its publisher means by them. */
export interface FileShape {
  readonly name: "coinmarketcap" | "yahoo" | "headerless" | "named columns";
  readonly hasHeader: boolean;
  /** Of the header, or of the first row where there is none; what stands above is no row. */
  readonly firstLine: number;
  /** Values of a row. */
  readonly width: number;
  readonly columns: Readonly<Partial<Record<Field, number>>>;
  /** By the publisher's marks; null where there is none. */
  readonly volumeUnit: VolumeUnit | null;
  /** Times are the last second of a candle, like 23:59:59. */
  readonly isCloseTime: boolean;
}

/** Names of columns in lower case, with letters and digits only; the first that is there is taken. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  time: ["opentime", "unix", "timestamp", "unixtime", "time", "datetime", "date"],
  open: ["open", "openprice"],
  high: ["high", "highprice"],
  low: ["low", "lowprice"],
  close: ["close", "closeprice"],
  volume: ["volume", "volumefrom", "basevolume", "vol"],
  quoteVolume: ["quotevolume", "volumeto", "quoteassetvolume", ...DOLLARS.map((name) => `volume${name.toLowerCase()}`), "volumecurrency"],
  marketCap: ["marketcap"],
  symbol: ["symbol", "ticker", "pair", "coin"],
  interval: ["interval"],
  source: ["source"],
  fetchedAt: ["fetchedat"],
};

const NEEDED: readonly Field[] = ["time", "open", "high", "low", "close"];

/** Files without a header that are published in bulk: Binance's klines, and Kraken's OHLCVT. */
const HEADERLESS: Readonly<Record<number, FileShape["columns"]>> = {
  12: { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5, quoteVolume: 7 },
  7: { time: 0, open: 1, high: 2, low: 3, close: 4, volume: 5 },
};

/** Marks of publishers: columns that only their files have, and the unit of their `volume`. */
const PUBLISHERS: readonly { readonly name: FileShape["name"]; readonly marks: readonly string[]; readonly isCloseTime: boolean }[] = [
  { name: "coinmarketcap", marks: ["marketcap", "name"], isCloseTime: true },
  { name: "coinmarketcap", marks: ["marketcap", "timehigh", "timelow"], isCloseTime: true },
  { name: "yahoo", marks: ["adjclose"], isCloseTime: false },
  { name: "yahoo", marks: ["dividends", "stocksplits"], isCloseTime: false },
];

/** Whether a row may stand above the header: an address, a title, a remark. */
export function isAboveHeader({ cells }: TableRow): boolean {
  return cells.filter((cell) => String(cell ?? "").trim() !== "").length < NEEDED.length;
}

/**
 * Tells from the first row where the columns are.
 *
 * @throws {InvalidCandleError} naming what is missing, or the currency of prices that are not in dollars
 */
export function detectShape(file: string, { cells, line }: TableRow): FileShape {
  const base = { firstLine: line, width: cells.length, volumeUnit: null, isCloseTime: false };
  if (cells.every((cell) => typeof cell === "string" && isPlainNumber(cell.trim()))) {
    const columns = HEADERLESS[cells.length];
    if (!columns) throw new InvalidCandleError(`${file}, line ${line}: there is no header, and ${cells.length} columns tell no known form`);
    return { ...base, name: "headerless", hasHeader: false, columns, volumeUnit: "base" };
  }
  const names = cells.map((cell) =>
    String(cell ?? "")
      .toLowerCase()
      .replace(/[^a-z0-9]/g, ""),
  );
  const columns: Partial<Record<Field, number>> = {};
  for (const field of Object.keys(NAMES) as Field[]) {
    const name = NAMES[field].find((known) => names.includes(known));
    if (name !== undefined) columns[field] = names.indexOf(name);
  }
  const named = volumesByName(names).filter(({ at }) => at !== columns.quoteVolume);
  const foreign =
    columns.quoteVolume === undefined ? named.find(({ unit }) => isOtherQuote(unit) && (named.length > 1 || MONEY.includes(unit))) : null;
  const quote = named.length > 1 ? named.at(-1) : foreign;
  if (foreign && quote)
    throw new InvalidCandleError(
      `${file}, line ${line}: column ${JSON.stringify(cells[quote.at])} says that its prices are in ${quote.unit}; only prices in dollars are stored`,
    );
  // `Volume BTC` beside `Volume USDT`: the one that is of no dollar is of the coin.
  const ofCoin = columns.volume === undefined ? named[0]?.at : undefined;
  if (ofCoin !== undefined) columns.volume = ofCoin;
  const missing = NEEDED.filter((field) => columns[field] === undefined);
  if (columns.volume === undefined && columns.quoteVolume === undefined) missing.push("volume");
  if (missing.length > 0) {
    throw new InvalidCandleError(`${file}, line ${line}: no column of ${missing.join(", ")} among ${cells.slice(0, 20).join(", ")}`);
  }
  const publisher = columns.quoteVolume === undefined && PUBLISHERS.find(({ marks }) => marks.every((mark) => names.includes(mark)));
  if (publisher)
    return { ...base, name: publisher.name, hasHeader: true, columns, volumeUnit: "quote", isCloseTime: publisher.isCloseTime };
  // A turnover beside it, or a coin in its name, says what the volume is.
  const isTold =
    columns.quoteVolume !== undefined || ofCoin !== undefined || ["volumefrom", "basevolume"].some((name) => names.includes(name));
  return { ...base, name: "named columns", hasHeader: true, columns, volumeUnit: isTold ? "base" : null };
}

/** Columns like `Volume BTC` and `volume_eur`: the unit that each names. */
function volumesByName(names: readonly string[]): { readonly at: number; readonly unit: string }[] {
  return names.flatMap((name, at) => {
    const unit = /^volume([a-z0-9]{1,10})$/.exec(name)?.[1].toUpperCase();
    return unit === undefined || ["FROM", "TO", "CURRENCY"].includes(unit) ? [] : [{ at, unit }];
  });
}
