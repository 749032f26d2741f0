import { runPage } from "../../core/vocabulary/run-page.ts";
import { readRunFile } from "../../dev/processes/run-file.ts";
import { connectTemporal } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import type { CommandBody } from "../command.ts";
import { formatAge, formatDuration } from "../progress/duration.ts";
import { type Freshness, freshnessOf } from "../runs/freshness.ts";
import { listRuns, type RunLine } from "../runs/list-runs.ts";
import { viewSchedule } from "../runs/schedule.ts";
import { missingWorkers } from "../runs/task-queue.ts";
import { numberOrText, usage } from "./read-options.ts";
import { scheduleLines } from "./schedule.ts";

const RUNS = 5;

export const statusCommand: CommandBody = {
  details: `Example:
  candlecast status --runs 20`,
  options: [{ flags: "--runs <number>", description: `how many runs to show (default: ${RUNS})` }],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const limit = usage(() => runCount(numberOrText(options.runs as string | undefined) ?? RUNS));
    const running = readRunFile(settings.stateDir);
    const latest = await readLatest(openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint }));
    const freshness = freshnessOf(latest?.manifest ?? null, Date.now());
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: false, signal });
    try {
      const page = (workflowId: string, runId: string) => runPage(uiUrl, { namespace: access.namespace, workflowId, runId });
      const uiUrl = access.origin === "temporary" ? null : access.uiUrl;
      const runs = (await listRuns(access.client, limit)).map((run) => ({ ...run, url: page(run.workflowId, run.runId) }));
      const madeBy = latest && { ...latest.manifest.workflow, url: page(latest.manifest.workflow.id, latest.manifest.workflow.runId) };
      const schedule = await viewSchedule(access.client);
      const missing = access.origin === "temporary" ? null : await missingWorkers(access, settings);
      const links = running?.kind === "up" ? { api: running.apiUrl, temporalUi: running.uiUrl, temporal: access.address } : null;
      if (options.json === true) {
        output.out(JSON.stringify({ running: links, missingWorkers: missing, ...freshness, madeBy, runs, schedule }, null, 2));
        return 0;
      }
      const lines = [
        links
          ? `running: API ${links.api ?? "not ready"}, Temporal Web UI ${links.temporalUi ?? "unknown (set TEMPORAL_UI_URL)"}`
          : "not running on this machine",
        ...(missing ? [missing] : []),
        ...freshnessLines(freshness),
        ...(madeBy ? [`  made by ${madeBy.url ?? `run ${madeBy.id}`}`] : []),
        "",
        ...(runs.length > 0 ? runs.flatMap(runLines) : ["no runs yet"]),
        "",
        schedule ? "schedule" : "no schedule",
        ...(schedule ? scheduleLines(schedule) : []),
      ];
      output.out(lines.join("\n"));
      return 0;
    } finally {
      await access.close();
    }
  },
};

function runCount(value: number | string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > 1000)
    throw new Error(`--runs is ${value}, but should be a whole number from 1 to 1000`);
  return value;
}

function freshnessLines({ manifest, symbols }: Freshness): string[] {
  if (!manifest) return ["nothing published yet"];
  return [
    `manifest ${manifest.version}, made ${formatAge(manifest.ageMs)} ago, as of ${manifest.asOf}`,
    ...symbols.map(({ symbol, status, reason, lastOpenTime, behind }) => {
      const state = status === "stale" ? `stale: ${reason}` : behind === 0 ? "fresh" : `${behind} closed candles behind`;
      return `  ${symbol.padEnd(8)}candles to ${lastOpenTime.slice(0, 16)}  ${state}`;
    }),
  ];
}

function runLines({ workflowId, status, seconds, outcome, failures, url }: RunLine & { readonly url: string | null }): string[] {
  return [
    `${workflowId}  ${status}${seconds === null ? "" : `, took ${formatDuration(seconds * 1000)}`}`,
    ...(outcome && failures.length === 0 ? [`  ${outcome}`] : []),
    ...failures.map((failure) => `  ${failure}`),
    ...(failures.length > 0 && url ? [`  ${url}`] : []),
  ];
}
