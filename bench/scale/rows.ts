import type { Line } from "../row.ts";
import { equalCoins, hourlyCoins, realCoins } from "./coin-sets.ts";
import { measureRuns, type RunOptions } from "./measure-run.ts";
import { onOneCore } from "./one-core.ts";
import { measurePeer } from "./peer.ts";
import { cpuOf, type MeasuredRun, perCoin, timesOf } from "./run-table.ts";
import type { ScaleContext, ScaleRow } from "./scale-row.ts";

const MANY = 560;
const FEW = 15;

export const SCALE_ROWS: readonly ScaleRow[] = [
  { name: "15", words: "15 coins", run: (context) => real(context, 15) },
  { name: "66", words: "66 coins", run: (context) => real(context, 66) },
  { name: "187", words: "187 coins", run: (context) => real(context, 187) },
  {
    name: "6",
    words: "6 coins, a model for each",
    async run(context) {
      await measure(context, "6", realCoins(context.folder, 6), { scope: "coin" });
      return [];
    },
  },
  { name: "peer", words: "6 coins, a model for each, against the same job in Python", run: (context) => measurePeer(context) },
  { name: "per-coin", words: `${FEW} and ${MANY} coins with as many candles each`, run: costPerCoin },
  { name: "core", words: "66 coins on one core and on all", run: secondCore },
  {
    name: "workers",
    words: "66 coins with 1, 2 and 4 worker processes",
    async run(context) {
      for (const workers of [1, 2, 4]) await measure(context, `workers-${workers}`, realCoins(context.folder, 66), { workers });
      return [];
    },
  },
  {
    name: "s3",
    words: "15 and 30 coins over an S3 server, whose requests are counted",
    async run(context) {
      for (const count of [15, 30]) await measure(context, `s3-${count}`, realCoins(context.folder, count), { s3: true, most: 1 });
      return [];
    },
  },
  { name: "hourly", words: "8 coins hourly, 210,000 candles", run: hourly },
];

const GOALS: Readonly<Record<number, { readonly cold: number; readonly next?: number; readonly candles?: number }>> = {
  66: { cold: 60 },
  187: { cold: 110, next: 75, candles: 12 },
};

async function real(context: ScaleContext, count: number): Promise<Line[]> {
  const [cold, next] = await measure(context, `${count}`, realCoins(context.folder, count), {});
  const goal = GOALS[count];
  if (!goal) return [];
  const what = `\`candlecast pipeline\`, ${count} daily coins`;
  return [
    wallLine(`${what}, cold`, cold, goal.cold),
    ...(goal.next ? [wallLine(`${what}, the next day`, next, goal.next)] : []),
    ...(goal.candles
      ? [line(`${what}, the next day: candles and features`, "wall", next.summary?.seconds.ingest ?? null, goal.candles, next)]
      : []),
  ];
}

async function hourly(context: ScaleContext): Promise<Line[]> {
  const [cold] = await measure(context, "hourly", hourlyCoins(context.folder), {});
  return [wallLine("`candlecast pipeline`, 8 hourly coins, cold", cold, 150)];
}

/** What a coin costs must not grow with their number. */
async function costPerCoin(context: ScaleContext): Promise<Line[]> {
  const [few] = await measure(context, "equal-few", equalCoins(context.folder, FEW), { next: false });
  const [many] = await measure(context, "equal-many", equalCoins(context.folder, MANY), { next: false });
  const compare = (measure: string, figure: (run: MeasuredRun) => number): Line => ({
    what: `cost of a coin among ${MANY}, against one among ${FEW}`,
    measure,
    unit: "s",
    ours: figure(many),
    against: `among ${FEW}`,
    theirs: figure(few),
    goal: { timesTheirs: 1.15 },
    equality: { equal: many.failure === null && few.failure === null, text: timesOf(many) },
  });
  return [compare("CPU", (run) => perCoin(run, cpuOf(run))), compare("wall", (run) => perCoin(run, run.wallS))];
}

async function secondCore(context: ScaleContext): Promise<Line[]> {
  const coins = realCoins(context.folder, 66);
  const options = { next: false, most: 1 };
  const [both] = await measure(context, "two-cores", coins, options);
  const one = await onOneCore(async () => {
    const [run] = await measureRuns({ ...coins, what: `${coins.what}, on one core` }, { parent: context.folder, ...options });
    context.note("one-core", run);
    return run;
  });
  if (one === null) return [];
  const text = "all processes by taskset on one core, and on all; once each";
  const equality = { equal: both.failure === null && one.failure === null, text };
  return [
    {
      what: "`candlecast pipeline`, 66 daily coins, cold: all cores against one",
      measure: "wall",
      unit: "s",
      ours: both.wallS,
      against: "one core",
      theirs: one.wallS,
      goal: { timesLess: 1.8 },
      equality,
    },
  ];
}

async function measure(
  { folder, most, note, say }: ScaleContext,
  row: string,
  coins: Parameters<typeof measureRuns>[0],
  options: Partial<RunOptions>,
): Promise<MeasuredRun[]> {
  say(row);
  const runs = await measureRuns(coins, { parent: folder, most, ...options });
  for (const run of runs) note(`${row}-${run.run}`, run);
  return runs;
}

function wallLine(what: string, run: MeasuredRun, atMost: number): Line {
  return line(what, "wall", run.wallS, atMost, run);
}

function line(what: string, measure: string, ours: number | null, atMost: number, run: MeasuredRun): Line {
  const equality = { equal: run.failure === null, text: timesOf(run) };
  return { what, measure, unit: "s", ours: ours ?? Number.NaN, against: "", theirs: null, goal: { atMost }, equality };
}
