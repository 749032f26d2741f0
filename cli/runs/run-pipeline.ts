import type { TemporalAccess } from "../../dev/temporal/connect.ts";
import type { Settings } from "../../settings/settings.ts";
import type { PipelineInput, PipelineProgress, PipelineResult } from "../../workflows/contract.ts";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import type { Output } from "../command.ts";
import { pipelineChanges } from "../progress/pipeline-changes.ts";
import { pipelineLines } from "../progress/pipeline-lines.ts";
import { presenter } from "../progress/present.ts";
import type { PipelineView } from "../progress/run-view.ts";
import { trainingWork } from "../progress/training-work.ts";
import { followRun } from "./follow-run.ts";
import { runMemo, watchWorkers } from "./task-queue.ts";

type StartSettings = Pick<Settings, "taskQueue" | "workerWaitSeconds">;

/** Shown on every run's page. */
export const RUN_DETAILS = [
  "Fetches candles and computes features per symbol, trains models, then publishes one manifest.",
  "The current details say why each model was promoted or not; its children fetch the candles, some coins each.",
].join(" ");

/** A run that was started. */
export interface StartedRun {
  readonly workflowId: string;
  readonly runId: string;
}

/** Starts a run; its id contains the time. */
export async function startPipeline(
  { client }: Pick<TemporalAccess, "client">,
  settings: StartSettings,
  input: PipelineInput,
): Promise<StartedRun> {
  const workflowId = `pipeline-${new Date().toISOString()}`;
  const subject = input.symbols ? input.symbols.slice(0, 8).join(", ") : "all symbols";
  const { firstExecutionRunId: runId } = await client.workflow.start(WORKFLOW_TYPES.pipeline, {
    taskQueue: settings.taskQueue,
    workflowId,
    args: [input],
    memo: runMemo(settings),
    staticDetails: RUN_DETAILS,
    staticSummary: `${subject}${input.asOf ? `, as of ${input.asOf}` : ""} (${input.trigger ?? "manual"})`,
  });
  return { workflowId, runId };
}

export interface WaitOptions {
  readonly workflowId: string;
  readonly settings: StartSettings;
  readonly output: Output;
  readonly signal: AbortSignal;
  /** Called each time the run reports its progress. */
  readonly onProgress?: () => void;
}

/** Waits for a run and shows its progress. Null if the signal ended the waiting. */
export async function waitForPipeline(
  access: Pick<TemporalAccess, "client" | "namespace">,
  { workflowId, settings, output, signal, onProgress }: WaitOptions,
): Promise<PipelineResult | null> {
  const display = presenter<PipelineView>(output, pipelineLines, pipelineChanges);
  const ended = new AbortController();
  void watchWorkers(access, settings, display.note, ended.signal);
  try {
    return await followRun<PipelineProgress, PipelineResult>({
      client: access.client,
      workflowId,
      signal,
      onView: (view) => {
        display.show(view);
        if (view.progress) onProgress?.();
      },
      children: ({ children = [] }) => children,
      work: ({ trainings }, beats) => trainingWork(trainings, beats),
    });
  } finally {
    ended.abort();
    display.end();
  }
}
