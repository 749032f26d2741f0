import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { copiedNames, makeCandleFolder, readSpotCoins, type SpotInterval } from "../candle-folder.ts";

/** Coins that a market server serves from a folder. */
export interface CoinSet {
  /** for the table */
  readonly what: string;
  readonly folder: string;
  readonly symbols: readonly string[];
  readonly interval: SpotInterval;
  /** clock of the first run, and of the next one, when each coin has one new candle */
  readonly asOf: readonly [string, string];
}

/** Most coins have their newest daily candle on 2023-12-28. */
const DAILY_AS_OF = ["2023-12-28T12:00:00Z", "2023-12-29T12:00:00Z"] as const;
const HOURLY_AS_OF = ["2023-12-31T22:30:00Z", "2023-12-31T23:30:00Z"] as const;
const EQUAL_ROWS = 900;
/** So many coins have {@link EQUAL_ROWS} candles; more are the same ones under other names. */
const COPIES = 5;

/** The coins with the longest histories, with all their candles. */
export function realCoins(parent: string, count: number): CoinSet {
  const coins = readSpotCoins("1d").slice(0, count);
  const folder = mkdtempSync(join(parent, "candles-"));
  makeCandleFolder(folder, "1d", new Map(coins.map(({ symbol, path }) => [symbol, path])));
  return { what: `${coins.length}`, folder, symbols: coins.map(({ symbol }) => symbol), interval: "1d", asOf: DAILY_AS_OF };
}

/** Coins with as many candles each, so that runs differ in the number of coins only. */
export function equalCoins(parent: string, count: number): CoinSet {
  // One candle more, because the newest one is still open in the first run.
  const until = DAILY_AS_OF[0].slice(0, 10);
  const long = readSpotCoins("1d").filter(({ rows, lastTime }) => rows > EQUAL_ROWS + 10 && lastTime >= until);
  const base = count <= long.length ? long.slice(0, count) : long.slice(0, Math.ceil(count / COPIES));
  const paths = new Map(base.map(({ symbol, path }) => [symbol, path]));
  const names = copiedNames([...paths.keys()], COPIES).slice(0, count);
  const folder = mkdtempSync(join(parent, "candles-"));
  const coins = new Map(names.map(({ name, of }) => [name, paths.get(of) as string]));
  makeCandleFolder(folder, "1d", coins, { until, rows: EQUAL_ROWS + 1 });
  return { what: `${coins.size}, ${EQUAL_ROWS} candles each`, folder, symbols: [...coins.keys()], interval: "1d", asOf: DAILY_AS_OF };
}

export function hourlyCoins(parent: string): CoinSet {
  const coins = readSpotCoins("1h");
  const folder = mkdtempSync(join(parent, "candles-"));
  makeCandleFolder(folder, "1h", new Map(coins.map(({ symbol, path }) => [symbol, path])));
  return { what: `${coins.length} hourly`, folder, symbols: coins.map(({ symbol }) => symbol), interval: "1h", asOf: HOURLY_AS_OF };
}
