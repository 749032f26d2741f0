import { type Client, WorkflowFailedError } from "@temporalio/client";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { retryLines } from "../progress/retries.ts";
import { reasonOf } from "./follow-run.ts";
import { pendingSteps } from "./pending-steps.ts";

export interface RunLine {
  readonly workflowId: string;
  readonly runId: string;
  readonly type: string;
  readonly status: string;
  /** ISO 8601 */
  readonly startedAt: string;
  readonly seconds: number | null;
  /** What happened, as a sentence; null while it runs. */
  readonly outcome: string | null;
  /** Reasons of what failed, or of what is being tried again. */
  readonly failures: readonly string[];
}

const { pipeline, backfill, importCandles, retention } = WORKFLOW_TYPES;

/** The newest runs that someone or a schedule has started, newest first; a pipeline's children are part of it. */
export async function listRuns(client: Client, limit: number): Promise<RunLine[]> {
  const lines: RunLine[] = [];
  const query = `WorkflowType IN ('${[pipeline, backfill, importCandles, retention].join("', '")}')`;
  for await (const { workflowId, runId, type, status, startTime, closeTime } of client.workflow.list({ query, pageSize: limit })) {
    const outcome = status.name === "RUNNING" ? await troublesOf(client, workflowId) : await outcomeOf(client, workflowId, runId);
    lines.push({
      workflowId,
      runId,
      type,
      status: status.name.toLowerCase(),
      startedAt: startTime.toISOString(),
      seconds: closeTime ? (closeTime.getTime() - startTime.getTime()) / 1000 : null,
      ...outcome,
    });
    if (lines.length >= limit) break;
  }
  return lines.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** What a run that isn't over is trying again, and why. */
async function troublesOf(client: Client, workflowId: string): Promise<Pick<RunLine, "outcome" | "failures">> {
  const { retries } = await pendingSteps(client, workflowId).catch(() => ({ retries: [] }));
  return { outcome: null, failures: retryLines(retries) };
}

/** What of the results of all types is shown. */
interface RunResult {
  readonly summary?: string;
  readonly symbols?: readonly Failable[];
  readonly files?: readonly Failable[];
  /** The first failures of a backfill; of an import, their number. */
  readonly failed?: readonly Failable[] | number;
}
interface Failable {
  readonly error: string | null;
}

/** Reasons of what failed in a run that went through: symbols, files or windows. */
function failuresOf({ symbols = [], files = [], failed }: RunResult): string[] {
  const windows = typeof failed === "object" ? failed : [];
  return [...symbols, ...files, ...windows].flatMap(({ error }) => (error ? [error] : []));
}

async function outcomeOf(client: Client, workflowId: string, runId: string): Promise<Pick<RunLine, "outcome" | "failures">> {
  try {
    const result = (await client.workflow.getHandle(workflowId, runId).result()) as RunResult;
    return { outcome: result.summary ?? null, failures: failuresOf(result) };
  } catch (error) {
    const reason = error instanceof WorkflowFailedError ? reasonOf(error) : error instanceof Error ? error.message : String(error);
    return { outcome: null, failures: [reason] };
  }
}
