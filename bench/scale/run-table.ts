import type { MarketStats } from "../../test/market-server.ts";
import { totalActions } from "./history-actions.ts";
import type { RunFigures } from "./place.ts";

/** A run of the whole pipeline, with what it was. */
export interface MeasuredRun extends RunFigures {
  /** for the table */
  readonly coins: string;
  /** that were asked for */
  readonly symbols: number;
  readonly workers: string;
  /** first, or with one new candle for each coin */
  readonly run: "cold" | "next";
  /** runs whose median this is */
  readonly times: number;
  readonly source: Pick<MarketStats, "requests" | "maxPerSecond">;
}

const COLUMNS: readonly [string, (run: MeasuredRun) => string][] = [
  ["coins", ({ coins }) => coins],
  ["that went well", ({ summary }) => whole(summary?.symbols.filter(({ status }) => status === "ok").length)],
  ["candles", ({ summary }) => whole(summary?.symbols.reduce((sum, { rows }) => sum + rows, 0))],
  ["workers", ({ workers }) => workers],
  ["run", ({ run }) => run],
  ["wall s", ({ wallS }) => tenths(wallS)],
  ["CPU s: workers", ({ cpu }) => tenths(cpu.workers)],
  ["Temporal", ({ cpu }) => tenths(cpu.server)],
  ["command", ({ cpu }) => tenths(cpu.command)],
  ["peak MB of a worker", ({ workerPeakMb }) => whole(workerPeakMb)],
  ["candles s", ({ summary }) => tenths(summary?.seconds.ingest)],
  ["models s", ({ summary }) => tenths(summary?.seconds.training)],
  ["publishing s", ({ summary }) => tenths(summary?.seconds.publish)],
  ["requests to the source", ({ source }) => whole(source.requests)],
  ["most in a second", ({ source }) => whole(source.maxPerSecond)],
  ["actions", (run) => whole(actionsOf(run))],
  ["of them heartbeats", ({ serverActions }) => whole(serverActions?.heartbeats)],
  ["queries, too", ({ serverActions }) => whole(serverActions?.queries)],
  ["actions per coin", (run) => tenths(perCoin(run, actionsOf(run)))],
  ["events per coin", (run) => tenths(perCoin(run, run.histories.events))],
  ["kB per coin", (run) => tenths(perCoin(run, run.histories.bytes / 1000))],
  ["longest history: events", ({ histories }) => whole(histories.mostEvents)],
  ["its kB", ({ histories }) => whole(histories.mostBytes / 1000)],
  ["S3 puts and lists per coin", (run) => tenths(run.s3 && perCoin(run, run.s3.puts + run.s3.lists))],
  ["S3 gets and heads per coin", (run) => tenths(run.s3 && perCoin(run, run.s3.gets + run.s3.heads))],
  ["S3 kB read per coin", (run) => tenths(run.s3 && perCoin(run, run.s3.bytesRead / 1000))],
  ["S3 kB written per coin", (run) => tenths(run.s3 && perCoin(run, run.s3.bytesWritten / 1000))],
  ["median of", ({ times }) => `${times}`],
];

export const RUN_HEAD: string = [`| ${COLUMNS.map(([name]) => name).join(" | ")} |`, `|${"---|".repeat(COLUMNS.length)}`].join("\n");

export function formatRun(run: MeasuredRun): string {
  return `| ${COLUMNS.map(([, cell]) => cell(run)).join(" | ")} |`;
}

/** How many runs a figure is from, or why there is none. */
export function timesOf({ times, failure }: Pick<MeasuredRun, "times" | "failure">): string {
  if (failure !== null) return `no result: ${failure}`;
  return times === 1 ? "one run" : `median of ${times}`;
}

/** Of histories, and heartbeats; without the queries of whoever watches. Null where heartbeats are unknown. */
export function actionsOf({ histories, serverActions }: Pick<MeasuredRun, "histories" | "serverActions">): number | null {
  return serverActions && totalActions(histories.actions) + serverActions.heartbeats;
}

/** CPU time of all that a run needs, s. */
export function cpuOf({ cpu }: Pick<RunFigures, "cpu">): number {
  return cpu.workers + cpu.server + cpu.command;
}

export function perCoin({ symbols }: Pick<MeasuredRun, "symbols">, figure: number): number;
export function perCoin({ symbols }: Pick<MeasuredRun, "symbols">, figure: number | null): number | null;
export function perCoin({ symbols }: Pick<MeasuredRun, "symbols">, figure: number | null): number | null {
  return figure === null ? null : figure / symbols;
}

function whole(figure: number | null | undefined): string {
  return figure === null || figure === undefined || !Number.isFinite(figure) ? "" : figure.toFixed(0);
}

function tenths(figure: number | null | undefined): string {
  return figure === null || figure === undefined || !Number.isFinite(figure) ? "" : figure.toFixed(1);
}
