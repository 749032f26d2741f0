import { type Client, WorkflowContinuedAsNewError, WorkflowFailedError } from "@temporalio/client";
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
  /** ISO 8601; null while it runs */
  readonly closedAt: string | null;
  readonly seconds: number | null;
  /** The result as a sentence; null while it runs or if it failed. */
  readonly outcome: string | null;
  /** Why something failed, or why it is being retried. */
  readonly failures: readonly string[];
}

const { pipeline, backfill, importCandles, retention, score } = WORKFLOW_TYPES;

type Outcome = Pick<RunLine, "outcome" | "failures">;

/**
 * The newest runs, newest first. A pipeline's child runs are left out: they are part of it.
 *
 * @param ended outcomes by run id; what is found is added, and not asked for again
 */
export async function listRuns(client: Client, limit: number, ended: Map<string, Outcome> = new Map()): Promise<RunLine[]> {
  const lines: RunLine[] = [];
  const query = `WorkflowType IN ('${[pipeline, backfill, importCandles, retention, score].join("', '")}')`;
  for await (const { workflowId, runId, type, status, startTime, closeTime } of client.workflow.list({ query, pageSize: limit })) {
    if (workflowId.includes("/")) continue;
    const outcome =
      status.name === "RUNNING"
        ? await retriesOf(client, workflowId)
        : (ended.get(runId) ?? (await outcomeOf(client, workflowId, runId, ended)));
    lines.push({
      workflowId,
      runId,
      type,
      status: status.name.toLowerCase(),
      startedAt: startTime.toISOString(),
      closedAt: closeTime?.toISOString() ?? null,
      seconds: closeTime ? (closeTime.getTime() - startTime.getTime()) / 1000 : null,
      ...outcome,
    });
    if (lines.length >= limit) break;
  }
  return lines.sort((a, b) => b.startedAt.localeCompare(a.startedAt));
}

/** What a running run is retrying, and why. */
async function retriesOf(client: Client, workflowId: string): Promise<Outcome> {
  const { retries } = await pendingSteps(client, workflowId).catch(() => ({ retries: [] }));
  return { outcome: null, failures: retryLines(retries) };
}

/** The fields of any workflow's result that are shown. */
interface RunResult {
  readonly summary?: string;
  readonly symbols?: readonly Failable[];
  readonly files?: readonly Failable[];
  /** A backfill's first failures, or an import's number of failures. */
  readonly failed?: readonly Failable[] | number;
}
interface Failable {
  readonly error: string | null;
}

/** Why symbols, files or windows failed in a run that completed. */
function failuresOf({ symbols = [], files = [], failed }: RunResult): string[] {
  const windows = typeof failed === "object" ? failed : [];
  return [...symbols, ...files, ...windows].flatMap(({ error }) => (error ? [error] : []));
}

async function outcomeOf(client: Client, workflowId: string, runId: string, ended: Map<string, Outcome>): Promise<Outcome> {
  const keep = (outcome: Outcome): Outcome => {
    ended.set(runId, outcome);
    return outcome;
  };
  try {
    // A backfill that goes on as another run of the same id has an outcome of its own there.
    const result = (await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result()) as RunResult | undefined;
    return keep({ outcome: result?.summary ?? null, failures: failuresOf(result ?? {}) });
  } catch (error) {
    if (error instanceof WorkflowContinuedAsNewError) return keep({ outcome: "goes on as another run of the same id", failures: [] });
    if (error instanceof WorkflowFailedError) return keep({ outcome: null, failures: [reasonOf(error)] });
    return { outcome: null, failures: [error instanceof Error ? error.message : String(error)] };
  }
}
