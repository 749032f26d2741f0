import { readFileSync, writeFileSync } from "node:fs";
import { actionsOf, cpuOf, type MeasuredRun } from "./run-table.ts";

/** What docs/scaling.md needs of a measured run. */
export interface KeptRun {
  readonly machine: string;
  readonly commit: string;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly coins: number;
  readonly candles: number;
  readonly wallS: number;
  readonly cpuS: number;
  readonly workerPeakMb: number;
  readonly ingestS: number;
  readonly trainingS: number;
  readonly publishS: number;
  readonly sourceRequests: number;
  /** as Temporal Cloud bills them, without queries; null where heartbeats are unknown */
  readonly actions: number | null;
  readonly heartbeats: number | null;
  readonly events: number;
  readonly historyBytes: number;
  readonly mostEvents: number;
  readonly mostBytes: number;
  /** null where the store is a folder */
  readonly s3: MeasuredRun["s3"];
}

/** By row and run, as `187-next`. */
export type Measured = Readonly<Record<string, KeptRun>>;

const FILE = new URL("./measured.json", import.meta.url);

export function readMeasured(): Measured {
  return JSON.parse(readFileSync(FILE, "utf8")) as Measured;
}

/** Keeps a run beside the others, instead of an earlier one of its name. One without a result is not kept. */
export function saveMeasured(name: string, run: MeasuredRun, of: Pick<KeptRun, "machine" | "commit" | "date">): void {
  if (run.summary === null) return;
  writeFileSync(FILE, `${JSON.stringify({ ...readMeasured(), [name]: keep(run, run.summary, of) }, null, 2)}\n`);
}

function keep(
  run: MeasuredRun,
  { seconds, symbols }: NonNullable<MeasuredRun["summary"]>,
  of: Pick<KeptRun, "machine" | "commit" | "date">,
): KeptRun {
  const { histories, serverActions } = run;
  return {
    ...of,
    coins: run.symbols,
    candles: symbols.reduce((sum, { rows }) => sum + rows, 0),
    wallS: tenths(run.wallS),
    cpuS: tenths(cpuOf(run)),
    workerPeakMb: Math.round(run.workerPeakMb),
    ingestS: tenths(seconds.ingest),
    trainingS: tenths(seconds.training),
    publishS: tenths(seconds.publish),
    sourceRequests: run.source.requests,
    actions: actionsOf(run),
    heartbeats: serverActions?.heartbeats ?? null,
    events: histories.events,
    historyBytes: histories.bytes,
    mostEvents: histories.mostEvents,
    mostBytes: histories.mostBytes,
    s3: run.s3,
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
