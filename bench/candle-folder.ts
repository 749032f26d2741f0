import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { CandleSeries } from "../core/candles/candle-series.ts";
import { closedCandles } from "../core/candles/series-verbs.ts";
import { marketFolder } from "../test/market-server.ts";
import { readSpotFile } from "./spot-candles.ts";

/** Files of real spot candles, one a coin, by the length of their candles: `time,open,high,low,close,volume`. */
export const SPOT_FOLDERS = { "1d": "daily-spot", "1h": "hourly-spot" } as const;
export type SpotInterval = keyof typeof SPOT_FOLDERS;

export interface SpotCoin {
  readonly symbol: string;
  readonly path: string;
  /** candles */
  readonly rows: number;
  /** of its newest candle, as its file writes it */
  readonly lastTime: string;
}

export interface Shape {
  /** candles that open later are left out; ISO 8601 */
  readonly until?: string;
  /** only so many of the newest; absent: all */
  readonly rows?: number;
  /** added to every time */
  readonly shiftMs?: number;
}

/** A coin's real candles that had closed by a time (ISO 8601). */
export function readClosedCandles({ path }: SpotCoin, interval: SpotInterval, asOf: string): CandleSeries {
  return closedCandles(readSpotFile(path, readFileSync(path), interval), Date.parse(asOf));
}

/** The coins that there are real spot candles of: those with the most first, then by name. */
export function readSpotCoins(interval: SpotInterval): SpotCoin[] {
  const folder = join(marketFolder, "spot", SPOT_FOLDERS[interval]);
  const coins = readdirSync(folder).map((file) => {
    const path = join(folder, file);
    const lines = candleLines(readSpotText(path));
    return { symbol: file.split(".")[0], path, rows: lines.length, lastTime: lines[lines.length - 1].split(",")[0] };
  });
  return coins.sort((a, b) => b.rows - a.rows || (a.symbol < b.symbol ? -1 : 1));
}

/**
 * A folder for the market server, in which each coin's candles stand under the names that are given.
 *
 * @param coins names of coins, each with the file whose candles are served under it
 */
export function makeCandleFolder(
  folder: string,
  interval: SpotInterval,
  coins: ReadonlyMap<string, string>,
  shape: Shape | null = null,
): void {
  const inside = join(folder, SPOT_FOLDERS[interval]);
  mkdirSync(inside, { recursive: true });
  for (const [name, path] of coins) {
    if (shape === null) symlinkSync(path, join(inside, `${name}.csv.gz`));
    else writeFileSync(join(inside, `${name}.csv`), shapeCandles(readSpotText(path), shape));
  }
}

/** A file's text with fewer candles, or at other times. */
export function shapeCandles(text: string, { until, rows, shiftMs = 0 }: Shape): string {
  const head = text.slice(0, text.indexOf("\n"));
  const untilMs = until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until);
  const lines = candleLines(text).filter((line) => timeOf(line) <= untilMs);
  const kept = rows === undefined ? lines : lines.slice(-rows);
  return `${[head, ...kept.map((line) => shifted(line, shiftMs))].join("\n")}\n`;
}

/** Coins under several names each, so that there are more of them: `BTC`, `BTC2`, `BTC3`. */
export function copiedNames(symbols: readonly string[], copies: number): { readonly name: string; readonly of: string }[] {
  return Array.from({ length: copies }, (_, copy) => symbols.map((of) => ({ name: copy === 0 ? of : `${of}${copy + 1}`, of }))).flat();
}

function readSpotText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

function candleLines(text: string): string[] {
  return text.trimEnd().split("\n").slice(1);
}

function timeOf(line: string): number {
  return Date.parse(line.slice(0, line.indexOf(",")));
}

function shifted(line: string, shiftMs: number): string {
  if (shiftMs === 0) return line;
  const comma = line.indexOf(",");
  const time = new Date(timeOf(line) + shiftMs).toISOString();
  return `${comma === 10 ? time.slice(0, 10) : `${time.slice(0, 16)}Z`}${line.slice(comma)}`;
}
