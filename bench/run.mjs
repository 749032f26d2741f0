import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getBenchPython } from "../scripts/bench-venv.mjs";
import { describeMachine } from "./machine.ts";
import { needMarketData } from "./market-candles.ts";
import { formatLine, HEAD } from "./row.ts";
import { featuresRow } from "./rows/features.ts";
import { learnerRows } from "./rows/learners.ts";
import { trainingJobRows } from "./rows/training-jobs.ts";
import { workerMemoryRow } from "./rows/worker-memory.ts";

/** `npm run bench`: all rows, or `npm run bench -- NAME…`. The rows `coin-job`, `pooled-job` and `memory` need ../shared/market. */
const ROWS = [...learnerRows, featuresRow, ...trainingJobRows, workerMemoryRow];

const VERSIONS = `
import sys, sklearn, lightgbm, numpy, pandas, joblib
print(f"Python {sys.version.split()[0]}, scikit-learn {sklearn.__version__}, LightGBM {lightgbm.__version__}, numpy {numpy.__version__}, pandas {pandas.__version__}, joblib {joblib.__version__}")
`;

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !ROWS.some((row) => row.name === name));
if (unknown.length > 0) {
  process.stderr.write(`There is no row ${unknown.join(", ")}; the rows are ${ROWS.map(({ name }) => name).join(", ")}.\n`);
  process.exit(2);
}

const python = getBenchPython();
const peers = execFileSync(python, ["-c", VERSIONS]).toString().trim();
print(`${describeMachine()}; ${peers}`);
print("");
print("Medians of repetitions in turns, after warming up. CPU is of all threads and processes of a program: a runtime's own compiler");
print("and collector count too. One thread each, unless the line says otherwise.");
print("");
print(HEAD);
for (const row of ROWS) {
  if (asked.length > 0 && !asked.includes(row.name)) continue;
  if (row.needsMarket) needMarketData();
  const folder = mkdtempSync(join(tmpdir(), "candlecast-bench-"));
  try {
    for (const line of await row.run({ python, folder })) print(formatLine(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function print(text) {
  process.stdout.write(`${text}\n`);
}
