import { parseArgs } from "node:util";
import { benchFolder } from "../bench-folder.ts";
import { describeCommit, describeLoad, describeMachine } from "../machine.ts";
import { needMarketData } from "../market-candles.ts";
import { formatLine, HEAD, type Line } from "../row.ts";
import { saveMeasured } from "./measured.ts";
import { SCALE_ROWS } from "./rows.ts";
import { formatRun, RUN_HEAD } from "./run-table.ts";

/**
 * `npm run bench:scale`: whole runs of the real command with real candles, and how they come out against the goals. All rows take
 * an hour; `npm run bench:scale -- ROW…` measures some. `--once`: one run each, however short it is. `--save` keeps the
 * figures for docs/scaling.md in bench/scale/measured.json.
 */
const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { once: { type: "boolean", default: false }, save: { type: "boolean", default: false } },
});
const unknown = asked.filter((name) => !SCALE_ROWS.some((row) => row.name === name));
if (unknown.length > 0) {
  const rows = SCALE_ROWS.map(({ name, words }) => `${name} (${words})`).join(", ");
  process.stderr.write(`There is no row ${unknown.join(", ")}; the rows are ${rows}.\n`);
  process.exit(2);
}
needMarketData();

const commit = describeCommit() ?? "unknown";
print(`${describeMachine()}; ${describeLoad()}; commit ${commit}`);
print("");
print("Real daily candles of Binance spot from a market server on this machine, a file store, default settings. Rows of less than a");
print("minute are medians of three by wall time. `cold`: nothing stored; `next`: one new candle for each coin. CPU is of all threads and");
print("processes. Actions are those that Temporal Cloud bills: https://docs.temporal.io/evaluate/cloud/actions. Queries come from the");
print("command that shows the progress, and not from scheduled runs.");
print("");
print(RUN_HEAD);
const folder = benchFolder();
const lines: Line[] = [];
for (const row of SCALE_ROWS) {
  if (asked.length > 0 && !asked.includes(row.name)) continue;
  lines.push(
    ...(await row.run({
      folder,
      most: values.once ? 1 : Number.POSITIVE_INFINITY,
      note(name, run) {
        print(formatRun(run));
        if (values.save) saveMeasured(name, run, { machine: describeMachine(), commit, date: new Date().toISOString().slice(0, 10) });
      },
      say: (text) => process.stderr.write(`measuring ${text} …\n`),
    })),
  );
}
print("");
print(HEAD);
for (const line of lines) print(formatLine(line));

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
