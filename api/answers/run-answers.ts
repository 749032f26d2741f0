import { z } from "@hono/zod-openapi";
import { type ListedRun, RUN_KINDS, type StartedRun } from "../run-desk.ts";
import { time } from "./schemas.ts";

const workflowId = z.string().openapi({ example: "pipeline-2020-12-31T12:00:00.000Z" });
const runId = z.string().openapi({ example: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" });
const url = z.string().nullable().openapi({ description: "its page in the Temporal Web UI; null: unknown" });

export const runList = z
  .object({
    runs: z.array(
      z.object({
        workflow_id: workflowId,
        run_id: runId,
        type: z.string().openapi({ description: "`pipeline`, `backfill`, `importCandles`, `score` or `retention`" }),
        status: z
          .string()
          .openapi({ description: "`running`, `completed`, `failed`, `canceled`, `terminated`, `timed_out` or `continued_as_new`" }),
        started_at: time,
        closed_at: time.nullable(),
        summary: z.string().nullable().openapi({ description: "the result as a sentence; null where there is none" }),
        reason: z
          .string()
          .nullable()
          .openapi({ description: "why it, or a part of it, failed or is being retried; null where nothing is wrong" }),
        url,
        progress: z
          .object({ words: z.string(), done: z.int().nullable(), total: z.int().nullable() })
          .nullable()
          .openapi({ description: "how far it is; null where it is over, or of a kind that tells none" }),
      }),
    ),
  })
  .openapi("RunList");

export const startedRun = z.object({ workflow_id: workflowId, run_id: runId, url }).openapi("StartedRun");

export const runRequest = z
  .object({
    kind: z.enum(RUN_KINDS),
    input: z.record(z.string(), z.unknown()).optional().openapi({
      description:
        "the workflow's input: for a pipeline `symbols`, `interval`, `asOf`, `horizon`, `scope`, `source`, `parallelism`, `trigger`; for a backfill `symbols`, `interval`, `from`, `to`, `source`, `staleBefore`, `parallelism`, `windowCandles`, `files`. What isn't given comes from the settings",
    }),
  })
  .openapi("RunRequest");

export const exampleRun: ListedRun = {
  workflowId: "pipeline-2020-12-31T12:00:00.000Z",
  runId: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
  type: "pipeline",
  status: "running",
  startedAt: "2020-12-31T12:00:00.000Z",
  closedAt: null,
  summary: null,
  reason: null,
  url: null,
  progress: { words: "fetching candles, computing features: 3 of 11 coins", done: 3, total: 11 },
};

export function describeRun(run: ListedRun): z.infer<typeof runList>["runs"][number] {
  const { type, status, startedAt, closedAt, summary, reason, url, progress } = run;
  return {
    workflow_id: run.workflowId,
    run_id: run.runId,
    type,
    status,
    started_at: startedAt,
    closed_at: closedAt,
    summary,
    reason,
    url,
    progress,
  };
}

export function describeStarted({ workflowId, runId, url }: StartedRun): z.infer<typeof startedRun> {
  return { workflow_id: workflowId, run_id: runId, url };
}
