import { type Client, isGrpcServiceError, WorkflowFailedError } from "@temporalio/client";
import { pause } from "../../dev/processes/pause.ts";
import {
  type BackfillProgress,
  type ImportProgress,
  type PipelineProgress,
  PROGRESS_QUERY,
  type StepHeartbeat,
} from "../../workflows/contract.ts";
import type { RunView } from "../progress/run-view.ts";
import type { WorkSample } from "../progress/time-left.ts";
import { pendingSteps } from "./pending-steps.ts";

export interface FollowOptions<P> {
  readonly client: Client;
  readonly workflowId: string;
  readonly onView: (view: RunView<P>) => void;
  /** Ends the waiting, not the run. */
  readonly signal: AbortSignal;
  /** Ids of child runs whose steps are shown too. */
  readonly children: (progress: P) => readonly string[];
  /** Work done and in total; null while unknown. */
  readonly work: (progress: P, beats: readonly StepHeartbeat[]) => { done: number; total: number } | null;
}

const EVERY_MS = 800;
const ANSWER_MS = 3_000;
const UNAVAILABLE = 14;
const MAX_SAMPLES = 2_000;

/**
 * Waits for a run, and polls its progress meanwhile.
 *
 * @returns its result; null if the signal ended the waiting
 * @throws {Error} with the run's own reason, if it failed, was cancelled or terminated
 */
export async function followRun<P extends PipelineProgress | BackfillProgress | ImportProgress, R>({
  client,
  workflowId,
  onView,
  signal,
  children,
  work,
}: FollowOptions<P>): Promise<R | null> {
  const startedMs = Date.now();
  const over = new AbortController();
  const stopped = new Promise<null>((done) => {
    if (signal.aborted) done(null);
    signal.addEventListener("abort", () => done(null), { once: true });
  });
  const result = resultOf<R>(client, workflowId, over.signal).finally(() => over.abort());
  result.catch(() => {});
  const beats = new Map<string, StepHeartbeat>();
  const samples: WorkSample[] = [];
  let progress: P | null = null;
  const poll = async () => {
    progress = await askProgress<P>(client, workflowId).catch(() => progress);
    const steps = await Promise.all(
      [workflowId, ...(progress ? children(progress) : [])].map((id) => pendingSteps(client, id).catch(() => ({ beats: [], retries: [] }))),
    );
    for (const beat of steps.flatMap((step) => step.beats)) beats.set(beat.label, beat);
    const known = [...beats.values()];
    const amount = progress ? work(progress, known) : null;
    if (amount && samples.length < MAX_SAMPLES) samples.push({ at: Date.now(), ...amount });
    onView({
      progress,
      beats: known,
      retries: steps.flatMap((step) => step.retries),
      work: [...samples],
      elapsedMs: Date.now() - startedMs,
    });
  };
  const watching = (async () => {
    while (!over.signal.aborted && !signal.aborted) {
      await poll();
      await pause(EVERY_MS, over.signal);
    }
  })();
  try {
    const ended = await Promise.race([result, stopped]);
    if (ended !== null) await watching.then(poll);
    return ended;
  } finally {
    over.abort();
  }
}

/** @throws {Error} if no worker answers within 3 s */
export async function askProgress<P>(client: Client, workflowId: string): Promise<P> {
  return client.withDeadline(Date.now() + ANSWER_MS, () => client.workflow.getHandle(workflowId).query<P>(PROGRESS_QUERY));
}

/** Keeps waiting while the server is unavailable. */
async function resultOf<R>(client: Client, workflowId: string, signal: AbortSignal): Promise<R> {
  for (;;) {
    try {
      return (await client.workflow.getHandle(workflowId).result()) as R;
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw new Error(reasonOf(error), { cause: error });
      if (signal.aborted || !isGrpcServiceError(error) || error.code !== UNAVAILABLE) throw error;
      await pause(EVERY_MS, signal);
    }
  }
}

/** The innermost reason of a failed run. */
export function reasonOf(error: Error): string {
  let inner = error;
  while (inner.cause instanceof Error) inner = inner.cause;
  return inner.message;
}
