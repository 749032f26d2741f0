import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { RANDOM_WALK, simulateCandles } from "../../core/candles/simulate-candles.ts";
import { writeCandles } from "../candle-columns.ts";
import { readDoubles } from "../doubles.ts";
import { measureInTurns } from "../measure-in-turns.ts";
import { compareTimes, type Row } from "../row.ts";

const CANDLES = 4_000;
const DAY_MS = 86_400_000;
/** Of the features' values, relative to the larger of 1 and the column's standard deviation. */
const TOLERANCE = 1e-7;
const TIMES = 5;

export const featuresRow: Row = {
  name: "features",
  async run({ python, folder }) {
    writeCandles(folder, [simulate()]);
    const [ours, pandas] = await measureInTurns(
      [
        { who: "candlecast", command: [process.execPath, "bench/ours/features.ts", folder, String(TIMES)] },
        { who: "pandas", command: [python, "bench/peers/features.py", folder, String(TIMES)] },
      ],
      { warmUps: 20, least: 20, leastMs: 2_000 },
    );
    const { equality, count } = compareValues(folder);
    return [compareTimes(ours, pandas, "CPU", { what: `all ${count} features of 4,000 daily candles`, goal: { timesLess: 3 }, equality })];
  },
};

function simulate() {
  const asOf = Date.UTC(2026, 0, 1);
  const from = asOf - CANDLES * DAY_MS;
  const rows = simulateCandles({ law: RANDOM_WALK, seed: 1, interval: "1d", genesis: from, from, to: asOf });
  const capped = rows.map((row) => ({ ...row, marketCap: (row.close as number) * 1e6 }));
  return cleanCandles(capped, { symbol: "SIM", interval: "1d", asOf, source: "simulated", fetchedAt: asOf }).series;
}

/** Whether both computed the same values, and left the same ones undefined. */
function compareValues(folder: string) {
  const names = JSON.parse(readFileSync(join(folder, "names.json"), "utf8")) as string[];
  const ours = readDoubles(join(folder, "features-candlecast.f64"));
  const theirs = readDoubles(join(folder, "features-pandas.f64"));
  let largest = 0;
  let where = "";
  let otherwiseUndefined = 0;
  names.forEach((name, f) => {
    const a = ours.subarray(f * CANDLES, (f + 1) * CANDLES);
    const b = theirs.subarray(f * CANDLES, (f + 1) * CANDLES);
    const known = b.filter((value) => !Number.isNaN(value));
    const size = Math.max(1, Math.sqrt(known.reduce((sum, value) => sum + value * value, 0) / known.length));
    a.forEach((value, i) => {
      if (Number.isNaN(value) !== Number.isNaN(b[i])) {
        otherwiseUndefined++;
        where = `${name}[${i}]`;
      } else if (Math.abs(value - b[i]) / size > largest) largest = Math.abs(value - b[i]) / size;
    });
  });
  const equal = otherwiseUndefined === 0 && largest <= TOLERANCE;
  const undefinedText = otherwiseUndefined === 0 ? "the same undefined" : `${otherwiseUndefined} otherwise undefined, last ${where}`;
  return { count: names.length, equality: { equal, text: `largest difference ${largest.toExponential(1)}, ${undefinedText}` } };
}
