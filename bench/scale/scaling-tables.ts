// The tables of docs/scaling.md: `node bench/scale/scaling-tables.ts` prints them, with `--write` it writes them there.
import { readFileSync, writeFileSync } from "node:fs";
import { MAX_SYMBOLS } from "../../core/universe/selector.ts";
import { BINANCE_PER_SECOND } from "../../core/vocabulary/request-rates.ts";
import { projectFile } from "../../dev/project-file.ts";
import { PRICES } from "../../scripts/aws-costs.mjs";
import { withTable } from "../../scripts/write-tables.ts";
import {
  type Demand,
  LIMIT_WORDS,
  type LimitName,
  type Limits,
  learnCosts,
  NEEDED,
  type Prices,
  type Reckoning,
  reckon,
} from "./arithmetic.ts";
import { type KeptRun, type Measured, readMeasured } from "./measured.ts";

/** The steps of the guide. A day's runs have an hour, an hour's half of it; candles are those of three or four years, or of a month. */
export const DEMANDS: readonly Demand[] = [
  { name: "15 coins daily", coins: 15, candlesPerCoin: 1_500, runsADay: 1, withinS: 3_600 },
  { name: "187 coins daily", coins: 187, candlesPerCoin: 1_500, runsADay: 1, withinS: 3_600 },
  { name: "1,000 coins hourly", coins: 1_000, candlesPerCoin: 26_280, runsADay: 24, withinS: 1_800 },
  { name: "10,000 coins daily", coins: 10_000, candlesPerCoin: 1_500, runsADay: 1, withinS: 3_600 },
  { name: "10,000 coins at minutes", coins: 10_000, candlesPerCoin: 43_200, runsADay: 1_440, withinS: 60 },
];

const worker = readFileSync(projectFile("k8s/base/worker-cpu.yaml"), "utf8");
const scaler = readFileSync(projectFile("k8s/components/keda/scaled-object.yaml"), "utf8");

export const LIMITS: Limits = {
  symbolsPerRun: MAX_SYMBOLS,
  sourcePerSecond: BINANCE_PER_SECOND,
  // https://docs.temporal.io/workflow-execution/limits
  historyEvents: 51_200,
  // https://docs.temporal.io/cloud/limits#actions-per-second: of a namespace, before it grows with its use
  actionsPerSecond: 500,
  workerMb: (number(/limits: \{ cpu: "\d+", memory: (\d+)Gi \}/, worker) * 2 ** 30) / 1e6,
  workerCores: number(/limits: \{ cpu: "(\d+)"/, worker),
  cpuWorkers: number(/maxReplicaCount: (\d+)/, scaler),
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html: of a prefix
  s3GetsPerSecond: 5_500,
  s3PutsPerSecond: 3_500,
};

const NODE = "m7i-flex.xlarge";
const NODE_CORES = 4;

/** S3's and a node's prices have their owner in scripts/aws-costs.mjs. */
const COSTS: Prices = {
  thousandPuts: PRICES.thousandPuts,
  thousandGets: PRICES.thousandGets,
  storeGibMonth: PRICES.storeGibMonth,
  coreHour: PRICES.instanceHour[NODE] / NODE_CORES,
  keptDays: 30,
};

/** Tables by name, each as lines of Markdown. */
export function scalingTables(measured: Measured = readMeasured()): Readonly<Record<"measured" | "day" | "limits", readonly string[]>> {
  const costs = learnCosts(measured);
  const reckonings = DEMANDS.map((demand) => reckon(demand, costs, LIMITS, COSTS));
  return {
    measured: table(
      [
        "run",
        "coins",
        "candles",
        "s",
        "CPU s",
        "peak MB of a worker",
        "requests to the source",
        "actions",
        "events",
        "of the run itself",
        "S3 puts, gets",
        "machine, commit, day",
      ],
      Object.values(NEEDED).map((name) => measuredRow(name, measured[name])),
    ),
    day: table(
      [
        "",
        "runs a day",
        "requests to the source",
        "Temporal's actions",
        "Temporal, USD a month",
        "S3 puts, gets",
        "GB written, read",
        "S3, USD a month",
        "core-hours",
        "cores, USD a month",
      ],
      reckonings.map(dayRow),
    ),
    limits: table(
      ["of the limit", ...DEMANDS.map(({ name }) => name)],
      [
        ...(Object.keys(LIMIT_WORDS) as LimitName[]).map((name) => [
          LIMIT_WORDS[name],
          ...reckonings.map(({ used, first }) => (first === name ? `**${percent(used[name])}**` : percent(used[name]))),
        ]),
        ["cpu workers of two cores, so that a run is over in time", ...reckonings.map(({ workers }) => count(workers))],
      ],
    ),
  };
}

function measuredRow(name: string, run: KeptRun): string[] {
  const { coins, candles, wallS, cpuS, workerPeakMb, sourceRequests, actions, events, mostEvents, s3 } = run;
  const figures = [coins, candles, wallS, cpuS, workerPeakMb, sourceRequests, actions, events, mostEvents].map((n) =>
    n === null ? "" : count(n),
  );
  const requests = s3 ? `${count(s3.puts + s3.lists)}, ${count(s3.gets + s3.heads)}` : "";
  return [`\`${name}\``, ...figures, requests, `${run.machine}; ${run.commit}; ${run.date}`];
}

function dayRow(r: Reckoning): string[] {
  return [
    r.demand.name,
    r.parts === 1 ? count(r.demand.runsADay) : `${count(r.demand.runsADay)} × ${r.parts} parts`,
    count(r.sourceRequestsADay),
    count(r.actionsADay),
    r.temporalUsdAMonth === null ? "no list price" : count(r.temporalUsdAMonth),
    `${count(r.putsADay)}, ${count(r.getsADay)}`,
    `${figures(r.gbWrittenADay)}, ${figures(r.gbReadADay)}`,
    count(r.s3UsdAMonth),
    figures(r.coreHoursADay),
    count(r.cpuUsdAMonth),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function percent(share: number): string {
  return share < 0.01 ? "< 1 %" : `${count(Math.round(share * 100))} %`;
}

function count(n: number): string {
  return (n < 10 ? Math.ceil(n) : Number(n.toPrecision(3))).toLocaleString("en-US");
}

function figures(n: number): string {
  return n < 10 ? n.toPrecision(2) : count(n);
}

function number(pattern: RegExp, text: string): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`the manifests in k8s/ say nothing like ${pattern}`);
  return Number(found);
}

export const SCALING_GUIDE: string = projectFile("docs/scaling.md");

/** The guide's text with its tables made anew. */
export function withScalingTables(text: string): string {
  return Object.entries(scalingTables()).reduce((made, [name, lines]) => withTable(made, { name, lines }), text);
}

if (import.meta.main) {
  if (process.argv.includes("--write")) writeFileSync(SCALING_GUIDE, withScalingTables(readFileSync(SCALING_GUIDE, "utf8")));
  else for (const lines of Object.values(scalingTables())) process.stdout.write(`${lines.join("\n")}\n\n`);
}
