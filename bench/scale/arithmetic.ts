import type { KeptRun, Measured } from "./measured.ts";
import { temporalMonth } from "./prices.ts";

/** What an operator wants: so many coins, so often. */
export interface Demand {
  readonly name: string;
  readonly coins: number;
  /** stored of each coin, all of which a run learns from */
  readonly candlesPerCoin: number;
  readonly runsADay: number;
  /** in which a run has to be over, s */
  readonly withinS: number;
}

/** What limits a deployment, each from its owner. */
export interface Limits {
  readonly symbolsPerRun: number;
  /** requests to the source from one address */
  readonly sourcePerSecond: number;
  readonly historyEvents: number;
  /** of a namespace */
  readonly actionsPerSecond: number;
  /** of a cpu worker */
  readonly workerMb: number;
  /** of a cpu worker */
  readonly workerCores: number;
  readonly cpuWorkers: number;
  readonly s3GetsPerSecond: number;
  readonly s3PutsPerSecond: number;
}

/** What the arithmetic reckons with besides what was measured, USD. */
export interface Prices {
  readonly thousandPuts: number;
  readonly thousandGets: number;
  readonly storeGibMonth: number;
  readonly coreHour: number;
  /** how long histories and replaced objects are kept */
  readonly keptDays: number;
}

/** A figure that grows in a straight line. */
export interface Growth {
  readonly fixed: number;
  readonly each: number;
}

/** What a run with one new candle for each coin costs. */
export interface Costs {
  /** without heartbeats, by coins */
  readonly actions: Growth;
  /** for each second of CPU time */
  readonly heartbeats: number;
  /** by coins */
  readonly historyBytes: Growth;
  readonly longestHistory: Growth;
  readonly sourceRequests: Growth;
  readonly puts: Growth;
  readonly gets: Growth;
  /** by candles */
  readonly bytesWritten: Growth;
  readonly bytesRead: Growth;
  readonly cpuS: Growth;
  readonly workerMb: Growth;
}

export interface Reckoning {
  readonly demand: Demand;
  /** runs that share the coins, because one takes no more */
  readonly parts: number;
  readonly sourceRequestsADay: number;
  readonly actionsADay: number;
  /** null: beyond the list prices */
  readonly temporalUsdAMonth: number | null;
  readonly putsADay: number;
  readonly getsADay: number;
  readonly gbReadADay: number;
  readonly gbWrittenADay: number;
  readonly s3UsdAMonth: number;
  readonly coreHoursADay: number;
  readonly cpuUsdAMonth: number;
  /** of cpu workers, so that a run is over in time */
  readonly workers: number;
  /** by limit, how much of it is used: above 1 it is exceeded */
  readonly used: Readonly<Record<LimitName, number>>;
  /** the one that is used most */
  readonly first: LimitName;
}

export const LIMIT_WORDS = {
  symbols: "coins of a run",
  source: "requests to one source from one address",
  history: "events of the run's history",
  actions: "Temporal's actions a second",
  memory: "memory of a cpu worker (pooled)",
  cpu: "cores of the cpu workers",
  s3: "S3 requests a second",
} as const;
export type LimitName = keyof typeof LIMIT_WORDS;

const DAYS_A_MONTH = 365 / 12;
const HOURS_A_MONTH = DAYS_A_MONTH * 24;
/** What the arithmetic is made from: two runs that differ in their coins, and two over S3. */
export const NEEDED = { few: "66-next", many: "187-next", s3Few: "s3-15-next", s3Many: "s3-30-next" } as const;

/**
 * A run's costs as straight lines through two measured runs each: what scales with coins by coins, what scales with data by candles.
 *
 * @throws {Error} naming the run that was not measured
 */
export function learnCosts(measured: Measured): Costs {
  const run = (name: string): KeptRun => {
    const found = measured[name];
    if (!found) throw new Error(`bench/scale/measured.json has no run ${name}: npm run bench:scale -- 66 187 s3 --save`);
    return found;
  };
  const [few, many, s3Few, s3Many] = [run(NEEDED.few), run(NEEDED.many), run(NEEDED.s3Few), run(NEEDED.s3Many)];
  const byCoins = (figure: (run: KeptRun) => number, a = few, b = many) => lineThrough(a.coins, figure(a), b.coins, figure(b));
  const byCandles = (figure: (run: KeptRun) => number, a = few, b = many) => lineThrough(a.candles, figure(a), b.candles, figure(b));
  const s3 = (figure: (counts: NonNullable<KeptRun["s3"]>) => number) => (run: KeptRun) => (run.s3 ? figure(run.s3) : Number.NaN);
  return {
    actions: byCoins(({ actions, heartbeats }) => (actions ?? Number.NaN) - (heartbeats ?? Number.NaN)),
    heartbeats: (many.heartbeats ?? Number.NaN) / many.cpuS,
    historyBytes: byCoins(({ historyBytes }) => historyBytes),
    longestHistory: byCoins(({ mostEvents }) => mostEvents),
    sourceRequests: byCoins(({ sourceRequests }) => sourceRequests),
    puts: byCoins(
      s3(({ puts, lists }) => puts + lists),
      s3Few,
      s3Many,
    ),
    gets: byCoins(
      s3(({ gets, heads }) => gets + heads),
      s3Few,
      s3Many,
    ),
    bytesWritten: byCandles(
      s3(({ bytesWritten }) => bytesWritten),
      s3Few,
      s3Many,
    ),
    bytesRead: byCandles(
      s3(({ bytesRead }) => bytesRead),
      s3Few,
      s3Many,
    ),
    cpuS: byCandles(({ cpuS }) => cpuS),
    workerMb: byCandles(({ workerPeakMb }) => workerPeakMb),
  };
}

/** The line through two points; one that falls is taken as level, at the larger value, because more of anything is never cheaper. */
export function lineThrough(x1: number, y1: number, x2: number, y2: number): Growth {
  const each = (y2 - y1) / (x2 - x1);
  return each < 0 ? { fixed: Math.max(y1, y2), each: 0 } : { fixed: Math.max(0, y1 - each * x1), each };
}

/** What a demand needs in a day and a month, and which limit it meets first. */
export function reckon(demand: Demand, costs: Costs, limits: Limits, prices: Prices): Reckoning {
  const { coins, candlesPerCoin, runsADay, withinS } = demand;
  const parts = Math.ceil(coins / limits.symbolsPerRun);
  const coinsOfRun = coins / parts;
  const candlesOfRun = coinsOfRun * candlesPerCoin;
  const once = (growth: Growth, amount: number) => growth.fixed + growth.each * amount;
  // Of all parts together, once.
  const byCoins = (growth: Growth) => parts * once(growth, coinsOfRun);
  const byCandles = (growth: Growth) => parts * once(growth, candlesOfRun);
  const cpuS = byCandles(costs.cpuS);
  const actions = byCoins(costs.actions) + costs.heartbeats * cpuS;
  const [puts, gets, sourceRequests] = [byCoins(costs.puts), byCoins(costs.gets), byCoins(costs.sourceRequests)];
  const workers = Math.ceil(cpuS / (withinS * limits.workerCores));
  const retainedGb = (byCoins(costs.historyBytes) * runsADay * prices.keptDays) / 1e9;
  const gbWrittenADay = (byCandles(costs.bytesWritten) * runsADay) / 1e9;
  const aMonth = runsADay * DAYS_A_MONTH;
  const used: Record<LimitName, number> = {
    symbols: coins / limits.symbolsPerRun,
    source: sourceRequests / (limits.sourcePerSecond * withinS),
    history: once(costs.longestHistory, coinsOfRun) / limits.historyEvents,
    actions: actions / withinS / limits.actionsPerSecond,
    memory: once(costs.workerMb, candlesOfRun) / limits.workerMb,
    cpu: cpuS / (withinS * limits.workerCores * limits.cpuWorkers),
    s3: Math.max(gets / limits.s3GetsPerSecond, puts / limits.s3PutsPerSecond) / withinS,
  };
  const [first] = (Object.keys(used) as LimitName[]).sort((a, b) => used[b] - used[a]);
  return {
    demand,
    parts,
    sourceRequestsADay: sourceRequests * runsADay,
    actionsADay: actions * runsADay,
    temporalUsdAMonth: temporalMonth({ actions: actions * aMonth, retainedGb, hours: HOURS_A_MONTH }),
    putsADay: puts * runsADay,
    getsADay: gets * runsADay,
    gbReadADay: (byCandles(costs.bytesRead) * runsADay) / 1e9,
    gbWrittenADay,
    s3UsdAMonth:
      ((puts / 1000) * prices.thousandPuts + (gets / 1000) * prices.thousandGets) * aMonth +
      ((gbWrittenADay * prices.keptDays * 1e9) / 2 ** 30) * prices.storeGibMonth,
    coreHoursADay: (cpuS * runsADay) / 3600,
    cpuUsdAMonth: ((cpuS * aMonth) / 3600) * prices.coreHour,
    workers,
    used,
    first,
  };
}
