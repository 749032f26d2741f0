import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CandleSeries } from "../core/candles/candle-series.ts";
import { readDoubles, writeDoubles } from "./doubles.ts";

const COLUMNS = ["openTime", "open", "high", "low", "close", "volume", "marketCap"] as const;

/** For the peers to read: `coins.json` with symbols and lengths, and one file a coin, `<symbol>.f64`, column after column. */
export function writeCandles(folder: string, coins: readonly CandleSeries[]): void {
  writeFileSync(join(folder, "coins.json"), JSON.stringify(coins.map(({ symbol, length }) => ({ symbol, length }))));
  for (const series of coins) writeDoubles(join(folder, `${series.symbol}.f64`), ...COLUMNS.map((name) => series[name]));
}

export function readCandles(folder: string): CandleSeries[] {
  const coins = JSON.parse(readFileSync(join(folder, "coins.json"), "utf8")) as { symbol: string; length: number }[];
  return coins.map(({ symbol, length }) => {
    const values = readDoubles(join(folder, `${symbol}.f64`));
    const [openTime, open, high, low, close, volume, marketCap] = COLUMNS.map((_, i) => values.slice(i * length, (i + 1) * length));
    const unknown = new Float64Array(length).fill(Number.NaN);
    const source = new Array<string>(length).fill("file");
    return {
      symbol,
      interval: "1d",
      length,
      openTime,
      open,
      high,
      low,
      close,
      volume,
      quoteVolume: unknown,
      marketCap,
      source,
      fetchedAt: openTime,
    };
  });
}
