import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
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

/** Where a file's columns are, and what its publisher means by them. */
export interface FileShape {
  readonly name: "coinmarketcap" | "headerless" | "named columns";
  readonly hasHeader: boolean;
  /** Values of a row. */
  readonly width: number;
  readonly columns: Readonly<Partial<Record<Field, number>>>;
  /** `volume` is in the quote currency. */
  readonly volumeIsQuote: boolean;
  /** Times are the last second of a candle, like 23:59:59. */
  readonly isCloseTime: boolean;
}

/** Names of columns in lower case, without spaces and underscores; the first that is there is taken. */
const NAMES: Readonly<Record<Field, readonly string[]>> = {
  time: ["opentime", "unix", "timestamp", "unixtime", "time", "datetime", "date"],
  open: ["open", "openprice"],
  high: ["high", "highprice"],
  low: ["low", "lowprice"],
  close: ["close", "closeprice"],
  volume: ["volume", "volumefrom", "basevolume", "vol"],
  quoteVolume: ["quotevolume", "volumeto", "quoteassetvolume", "volumeusdt", "volumeusd", "volumeusdc", "volumebusd"],
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

/**
 * Tells from the first row where the columns are.
 *
 * @throws {InvalidCandleError} naming what is missing
 */
export function detectShape(file: string, { cells, line }: TableRow): FileShape {
  if (cells.every((cell) => typeof cell === "string" && /^[\d.+-]+$/.test(cell.trim()))) {
    const columns = HEADERLESS[cells.length];
    if (!columns) throw new InvalidCandleError(`${file}, line ${line}: there is no header, and ${cells.length} columns tell no known form`);
    return { name: "headerless", hasHeader: false, width: cells.length, columns, volumeIsQuote: false, isCloseTime: false };
  }
  const names = cells.map((cell) =>
    String(cell ?? "")
      .toLowerCase()
      .replace(/[\s_]/g, ""),
  );
  const columns: Partial<Record<Field, number>> = {};
  for (const field of Object.keys(NAMES) as Field[]) {
    const name = NAMES[field].find((known) => names.includes(known));
    if (name !== undefined) columns[field] = names.indexOf(name);
  }
  // `Volume BTC` beside `Volume USDT`: the one that is of no dollar is of the coin.
  const ofCoin = names.findIndex((name, i) => /^volume[a-z0-9]+$/.test(name) && i !== columns.quoteVolume);
  if (columns.volume === undefined && ofCoin >= 0) columns.volume = ofCoin;
  const missing = NEEDED.filter((field) => columns[field] === undefined);
  if (columns.volume === undefined && columns.quoteVolume === undefined) missing.push("volume");
  if (missing.length > 0) {
    throw new InvalidCandleError(`${file}, line ${line}: no column of ${missing.join(", ")} among ${cells.slice(0, 20).join(", ")}`);
  }
  const isCoinMarketCap = columns.marketCap !== undefined && columns.quoteVolume === undefined && names.includes("name");
  return {
    name: isCoinMarketCap ? "coinmarketcap" : "named columns",
    hasHeader: true,
    width: cells.length,
    columns,
    volumeIsQuote: isCoinMarketCap,
    isCloseTime: isCoinMarketCap,
  };
}
