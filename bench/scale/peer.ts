import { mkdtempSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { projectFile } from "../../dev/project-file.ts";
import { getBenchPython } from "../../scripts/bench-venv.mjs";
import { startMarket } from "../../test/market-server.ts";
import { readClosedCandles, readSpotCoins } from "../candle-folder.ts";
import { median } from "../measure.ts";
import { planJob } from "../plan-job.ts";
import { endedChildrenCpuMs } from "../process-tree.ts";
import type { Line } from "../row.ts";
import { StartedProgram } from "../started-program.ts";
import { userEnvironment } from "../user-environment.ts";
import { type CoinSet, realCoins } from "./coin-sets.ts";
import { measureRuns, medianRun } from "./measure-run.ts";
import { cpuOf, type MeasuredRun, perCoin } from "./run-table.ts";
import type { ScaleContext } from "./scale-row.ts";

const COINS = 6;
/** The peers take minutes: two turns, or one for a quick look. */
const TURNS = 2;
/** Libraries that start threads of their own are limited to one, because joblib already uses all cores. */
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

interface PeerRun {
  readonly wallS: number;
  readonly cpuS: number;
}

/**
 * A cold run of a model for each coin, against the same as a Python command: it fetches the same candles from the same market server,
 * computes the same features and fits the same algorithms with the same folds and settings on all cores. It neither assesses nor
 * explains what it learned, and keeps no candles.
 */
export async function measurePeer({ folder, most, note, say }: ScaleContext): Promise<Line[]> {
  const coins = realCoins(folder, COINS);
  const python = getBenchPython();
  const job = join(folder, "job.json");
  writeFileSync(job, JSON.stringify(jobOf(coins)));
  const runs: MeasuredRun[] = [];
  const peers: PeerRun[] = [];
  for (let turn = 0; turn < Math.min(TURNS, most); turn++) {
    say(`peer: turn ${turn + 1}, candlecast`);
    runs.push(...(await measureRuns(coins, { parent: folder, scope: "coin", next: false, most: 1 })));
    say(`peer: turn ${turn + 1}, Python`);
    peers.push(await runPeer(python, coins, { folder: mkdtempSync(join(folder, "peer-")), job }));
  }
  const ours = medianRun(runs);
  note("peer", ours);
  const theirs = median(peers.map(({ wallS }) => wallS));
  const theirCpu = median(peers.map(({ cpuS }) => cpuS));
  const text = `CPU ${cpuOf(ours).toFixed(0)} / ${theirCpu.toFixed(0)} s; ${peers.length} turns; the same folds and settings; \`npm run bench -- coin-job\` compares errors`;
  return [
    {
      what: `the whole command for ${COINS} daily coins, a model for each, default settings: per coin`,
      measure: "wall",
      unit: "s",
      ours: perCoin(ours, ours.wallS),
      against: "urllib, pandas, scikit-learn, joblib",
      theirs: theirs / COINS,
      goal: { timesLess: 10 },
      equality: { equal: ours.failure === null, text },
    },
  ];
}

function jobOf({ symbols, interval, asOf }: CoinSet) {
  const coins = readSpotCoins(interval).filter(({ symbol }) => symbols.includes(symbol));
  const series = coins.map((coin) => readClosedCandles(coin, interval, asOf[0]));
  return planJob(series, "coin", availableParallelism(), null);
}

async function runPeer(
  python: string,
  { folder: candles, asOf }: CoinSet,
  { folder, job }: { folder: string; job: string },
): Promise<PeerRun> {
  const market = await startMarket({ data: candles, now: asOf[0] });
  try {
    const before = endedChildrenCpuMs();
    const args = [projectFile("bench/peers/whole_job.py"), market.url, asOf[0], folder, job];
    const program = new StartedProgram(python, args, { cwd: folder, env: { ...userEnvironment(), ...ONE_THREAD } });
    await program.ended();
    if (program.code !== 0) throw new Error(`bench/peers/whole_job.py ended with code ${program.code}: ${program.lastLines()}`);
    return { wallS: (program.endedMs ?? Number.NaN) / 1000, cpuS: (endedChildrenCpuMs() - before) / 1000 };
  } finally {
    await market.stop();
  }
}
