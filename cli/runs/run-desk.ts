import { Client, isGrpcServiceError } from "@temporalio/client";
import { ApplicationFailure } from "@temporalio/common";
import type { ListedRun, RefusedInput, RunDesk, RunKind, RunProgress } from "../../api/run-desk.ts";
import { TemporalUnavailableError } from "../../core/vocabulary/errors.ts";
import { runPage } from "../../core/vocabulary/run-page.ts";
import { openClient } from "../../dev/temporal/open-client.ts";
import type { Settings } from "../../settings/settings.ts";
import type { TemporalServer } from "../../settings/temporal-server.ts";
import { traceStarts } from "../../telemetry/client-interceptor.ts";
import type { Tracing } from "../../telemetry/tracing.ts";
import { type BackfillProgress, type ImportProgress, type PipelineProgress, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { checkBackfillInput } from "../../workflows/inputs/backfill-input.ts";
import { checkPipelineInput } from "../../workflows/inputs/pipeline-input.ts";
import { progressWords } from "../progress/progress-words.ts";
import { askProgress } from "./follow-run.ts";
import { listRuns, type RunLine } from "./list-runs.ts";
import { startBackfill } from "./run-backfill.ts";
import { RUN_FORMS } from "./run-forms.ts";
import { type StartedRun, startPipeline } from "./run-pipeline.ts";

export interface RunDeskOptions {
  readonly settings: Settings;
  readonly server: TemporalServer;
  readonly tracing: Tracing | null;
  /** Told once each time Temporal begins to fail, with its address. */
  readonly onFault: (sentence: string) => void;
}

const ANSWER_MS = 8_000;
/** Outcomes of so many ended runs are kept. They don't change any more. */
const KEPT = 1_000;
const TELL_PROGRESS: readonly string[] = [WORKFLOW_TYPES.pipeline, WORKFLOW_TYPES.backfill, WORKFLOW_TYPES.importCandles];
const WAITING: RunProgress = { words: "waiting for a worker", done: null, total: null };

/** Lists and starts runs for the API. It connects when it is first asked, and again after a server that was away is back. */
export function createRunDesk({ settings, server, tracing, onFault }: RunDeskOptions): RunDesk {
  const ended: Parameters<typeof listRuns>[2] = new Map();
  let opening: Promise<Client> | null = null;
  let failing = false;

  const open = (): Promise<Client> => {
    opening ??= openClient(server).then((client) =>
      tracing
        ? new Client({ connection: client.connection, namespace: server.namespace, interceptors: { workflow: [traceStarts(tracing)] } })
        : client,
    );
    opening.catch(() => {
      opening = null;
    });
    return opening;
  };
  const unavailable = (error: Error, words: string): TemporalUnavailableError => {
    if (!failing) onFault(`Temporal at ${server.address}: ${error.message}`);
    failing = true;
    return new TemporalUnavailableError(words, { cause: error });
  };
  const ask = async <T>(question: (client: Client) => Promise<T>): Promise<T> => {
    const client = await open().catch((error: Error) => {
      throw unavailable(error, "Temporal can't be reached");
    });
    try {
      const answer = await client.withDeadline(Date.now() + ANSWER_MS, () => question(client));
      failing = false;
      return answer;
    } catch (error) {
      const cause = error instanceof Error && isGrpcServiceError(error.cause) ? error.cause : error;
      if (isGrpcServiceError(cause)) throw unavailable(cause, "Temporal does not answer, or refuses the request");
      throw error;
    }
  };
  const page = (workflowId: string, runId: string) => runPage(settings.temporalUiUrl, { namespace: server.namespace, workflowId, runId });

  return {
    forms: RUN_FORMS,
    list: (limit) =>
      ask(async (client) => {
        const lines = await listRuns(client, limit, ended);
        for (const oldest of ended.keys()) {
          if (ended.size <= KEPT) break;
          ended.delete(oldest);
        }
        return Promise.all(
          lines.map(async (line) => describe(line, { url: page(line.workflowId, line.runId), progress: await progressOf(client, line) })),
        );
      }),
    async start(kind, input) {
      const begin = prepareStart(kind, input, settings);
      if ("field" in begin) return begin;
      const started = await ask((client) => begin(client));
      return { ...started, url: page(started.workflowId, started.runId) };
    },
    async close() {
      await (await opening?.catch(() => null))?.connection.close();
    },
  };
}

/** Checks an input; what isn't given comes from the settings, as in the commands. */
function prepareStart(kind: RunKind, input: unknown, settings: Settings): ((client: Client) => Promise<StartedRun>) | RefusedInput {
  const defaults = kind === "pipeline" ? { trigger: "api" } : { symbols: settings.symbols };
  const given = typeof input === "object" && input !== null && !Array.isArray(input) ? { ...defaults, ...input } : (input ?? defaults);
  try {
    if (kind === "pipeline") {
      const checked = checkPipelineInput(given);
      return (client) => startPipeline({ client }, settings, checked);
    }
    const checked = checkBackfillInput(given);
    return (client) => startBackfill({ client }, settings, checked);
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    return { field: String(error.details?.[0] ?? "input"), reason: error.message };
  }
}

/** null where a run is over, or of a kind that tells no progress. */
async function progressOf(client: Client, { workflowId, type, status }: RunLine): Promise<RunProgress | null> {
  if (status !== "running" || !TELL_PROGRESS.includes(type)) return null;
  return askProgress<PipelineProgress | BackfillProgress | ImportProgress>(client, workflowId).then(progressWords, () => WAITING);
}

function describe(line: RunLine, more: Pick<ListedRun, "url" | "progress">): ListedRun {
  const { workflowId, runId, type, status, startedAt, closedAt, outcome, failures } = line;
  const others = failures.length - 1;
  const reason = failures.length === 0 ? null : `${failures[0]}${others > 0 ? ` (and ${others} more)` : ""}`;
  return { workflowId, runId, type, status, startedAt, closedAt, summary: outcome, reason, ...more };
}
