import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { jumpText } from "../../core/candles/suspect-jump-text.ts";
import { continuousSeries } from "../../core/candles/suspect-jumps.ts";
import { INTERVALS } from "../../core/vocabulary/interval.ts";
import { marketAvailable, marketFolder } from "../../test/market-server.ts";
import { readSpotFile } from "../spot-candles.ts";

/**
 * Where the rule for suspected jumps finds one among real candles, and how far the others are from it: `node bench/study/suspect-jumps.ts`.
 */
if (!marketAvailable) throw new Error(`${marketFolder} has no real candles`);
for (const [folder, interval] of [
  ["daily-spot", INTERVALS[0]],
  ["hourly-spot", INTERVALS[1]],
] as const) {
  const path = join(marketFolder, "spot", folder);
  let candles = 0;
  let coins = 0;
  let jumped = 0;
  const steps: { readonly factor: number; readonly text: string }[] = [];
  for (const file of readdirSync(path).sort()) {
    const series = readSpotFile(join(path, file), readFileSync(join(path, file)), interval);
    const { jumps } = continuousSeries(series);
    coins++;
    candles += series.length;
    if (jumps.length > 0) jumped++;
    for (const jump of jumps) console.log(`  ${series.symbol.padEnd(6)} ${jump.kind}  ${jumpText(jump)}`);
    const known = new Set(jumps.map(({ openTime }) => Date.parse(openTime)));
    for (let row = 1; row < series.length; row++) {
      if (known.has(series.openTime[row])) continue;
      const between = Math.abs(Math.log(series.open[row] / series.close[row - 1]));
      const inside = Math.log(series.close[row] / series.open[row]);
      const time = new Date(series.openTime[row]).toISOString().slice(0, 16);
      steps.push({
        factor: between,
        text: `${series.symbol} ${time} opens at a factor of ${Math.exp(between).toFixed(3)} from the close before`,
      });
      steps.push({ factor: inside, text: `${series.symbol} ${time} closes at ${Math.exp(inside).toFixed(2)} times its open` });
    }
  }
  console.log(`${folder}: ${coins} coins, ${candles} candles; ${jumped} coins with a suspected jump`);
  for (const words of ["opens", "closes"]) {
    const nearest = steps.filter(({ text }) => text.includes(words)).sort((a, b) => b.factor - a.factor)[0];
    console.log(`  the farthest that is not one: ${nearest.text}`);
  }
}
