import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pause } from "../../dev/processes/pause.ts";
import { projectFile } from "../../dev/project-file.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { marketAvailable, marketFolder, startMarket } from "../../test/market-server.ts";
import { makeCandleFolder, readSpotCoins } from "../candle-folder.ts";
import { formatSkipped, type Line } from "../row.ts";
import { StartedProgram } from "../started-program.ts";
import { userEnvironment } from "../user-environment.ts";
import { installMs } from "./install-time.ts";
import { namesRun } from "./start-lines.ts";

const WHAT = "fresh clone, empty HOME, `npm start`: to the first prediction of BTC, default symbols";
const LONGEST_MS = 300_000;
const DAY_MS = 86_400_000;

/**
 * From `git clone` to the first prediction of a real coin, with the default symbols. Node, npm, Python and Go are there, the packages
 * and the Temporal server are not. The sources are the market server, with real candles whose newest one is of today.
 */
export async function freshCloneLines(folder: string): Promise<(Line | string)[]> {
  if (!marketAvailable) return [formatSkipped(WHAT, `there are no real candles in ${marketFolder}`)];
  const candles = join(folder, "candles");
  const { symbols } = parseSettings({});
  const coins = readSpotCoins("1d").filter(({ symbol }) => symbols.includes(symbol));
  const newest = Math.max(...coins.map(({ lastTime }) => Date.parse(lastTime)));
  const shiftMs = Math.floor(Date.now() / DAY_MS) * DAY_MS - newest;
  makeCandleFolder(candles, "1d", new Map(coins.map(({ symbol, path }) => [symbol, path])), { shiftMs });
  const market = await startMarket({ data: candles, now: new Date().toISOString() });
  try {
    return linesOf(await cloneAndStart(folder, market.url));
  } finally {
    await market.stop();
  }
}

interface FreshStart {
  readonly cloneMs: number;
  /** null where no process of npm's was seen */
  readonly npmMs: number | null;
  readonly runMs: number;
  readonly predictionMs: number;
}

function linesOf({ cloneMs, npmMs, runMs, predictionMs }: FreshStart): (Line | string)[] {
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const base = { measure: "wall", unit: "s", against: "", theirs: null } as const;
  const text = `one run: cloned after ${seconds(cloneMs)} s, the run began after ${seconds(runMs)} s`;
  return [
    { ...base, what: WHAT, ours: predictionMs / 1000, goal: { atMost: 45 }, equality: { equal: true, text } },
    npmMs === null
      ? formatSkipped("of it npm", "no process of npm's that installs was seen")
      : { ...base, what: "of it npm, which installs the packages", ours: npmMs / 1000, goal: { atMost: 20 }, equality: null },
  ];
}

async function cloneAndStart(folder: string, url: string): Promise<FreshStart> {
  const clone = join(folder, "clone");
  const home = join(folder, "home");
  mkdirSync(home);
  const port = String(await freePort());
  const place = { HOME: home, PORT: port, TEMPORAL_PORT: String(await freePort()), TEMPORAL_UI_PORT: String(await freePort()) };
  const kept = Object.entries(userEnvironment()).filter(([name]) => !name.startsWith("XDG_"));
  const env = { ...Object.fromEntries(kept), ...place, BINANCE_URL: url, KRAKEN_URL: url };
  const began = performance.now();
  execFileSync("git", ["clone", "--quiet", projectFile("."), clone], { env, stdio: ["ignore", "ignore", "inherit"] });
  const cloneMs = performance.now() - began;
  const program = new StartedProgram("npm", ["start"], { cwd: clone, env, everyMs: 100 });
  try {
    await predicts(`http://127.0.0.1:${port}/symbol/BTC`, program);
    const predictionMs = performance.now() - began;
    const runMs = cloneMs + (program.lines.find(({ text }) => namesRun(text))?.atMs ?? Number.NaN);
    return { cloneMs, npmMs: installMs(program.processes), runMs, predictionMs };
  } finally {
    await program.end();
  }
}

/** Waits until a number is predicted. */
async function predicts(url: string, program: StartedProgram): Promise<void> {
  for (const end = performance.now() + LONGEST_MS; performance.now() < end; await pause(100)) {
    if (program.endedMs !== null) throw new Error(`npm start ended with code ${program.code}: ${program.lastLines()}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.status !== 200) continue;
    const { prediction } = (await answer.json()) as { prediction?: { price?: unknown } };
    if (typeof prediction?.price === "number") return;
  }
  throw new Error(`no prediction at ${url} within ${LONGEST_MS / 1000} s: ${program.lastLines()}`);
}
