import { runPage } from "../../core/vocabulary/run-page.ts";
import type { Stack } from "../../dev/stack.ts";
import type { Settings } from "../../settings/settings.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import { WORKFLOW_TYPES } from "../../workflows/contract.ts";
import type { Output } from "../command.ts";
import { startPipeline, waitForPipeline } from "../runs/run-pipeline.ts";
import { type RunSummary, summariseRun } from "../runs/run-summary.ts";

export interface FirstRunOptions {
  readonly settings: Settings;
  readonly output: Output;
  readonly signal: AbortSignal;
  readonly onStart: (workflowId: string) => void;
}

/** An earlier run that reports no progress for this long is no longer waited for. */
const SILENT_MS = 20_000;

/**
 * The pipeline run of `up`. Runs that an earlier `up` left unfinished complete first, so that two don't train the same models at
 * the same time.
 *
 * @returns null if the signal ended the waiting
 * @throws {Error} with the run's reason, if it failed
 */
export async function runFirst(stack: Stack, { settings, output, signal, onStart }: FirstRunOptions): Promise<RunSummary | null> {
  await finishEarlier(stack, { settings, output, signal });
  if (signal.aborted) return null;
  const { workflowId } = await startPipeline(stack, settings, {
    trigger: "start",
    ...(settings.asOf ? { asOf: settings.asOf } : {}),
  });
  onStart(workflowId);
  const result = await waitForPipeline(stack, { workflowId, settings, output, signal });
  const { uiUrl, namespace } = stack;
  const run = { workflowId, runUrl: runPage(uiUrl, { namespace, workflowId, runId: null }) };
  return result && summariseRun(openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint }), run, result);
}

async function finishEarlier(stack: Stack, { settings, output, signal }: Omit<FirstRunOptions, "onStart">): Promise<void> {
  for await (const { workflowId } of stack.client.workflow.list({
    query: `WorkflowType = '${WORKFLOW_TYPES.pipeline}' AND ExecutionStatus = 'Running'`,
  })) {
    if (signal.aborted) return;
    output.note(`run ${workflowId} of an earlier start continues`);
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), SILENT_MS);
    try {
      await waitForPipeline(stack, {
        workflowId,
        settings,
        output,
        signal: AbortSignal.any([signal, patience.signal]),
        onProgress: () => clearTimeout(timer),
      });
    } catch (error) {
      output.note(`run ${workflowId} failed: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
