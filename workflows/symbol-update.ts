import { getExternalWorkflowHandle, isCancellation } from "@temporalio/workflow";

/** Signal from a symbol's child to the run that started it. */
export const SYMBOL_UPDATE_SIGNAL = "symbolUpdate";
/** The same of many symbols, as a list. */
export const SYMBOL_UPDATES_SIGNAL = "symbolUpdates";

/** How far a symbol is. */
export interface SymbolUpdate {
  readonly symbol: string;
  readonly stage: "ingest" | "features";
  readonly rows: number;
  readonly requests: number;
  readonly source: string | null;
}

/** The run that started a child. */
export interface ParentRun {
  readonly workflowId: string;
  /** The run is told no oftener how far the child is; by default every two seconds. */
  readonly tellEveryMs?: number;
}

const TELL_MS = 2_000;
/** A signal is two events in the child, two in the run, and a task for each: a run of many coins is told less often. */
const TELL_MS_PER_COIN = 20;

/** How often a run is told by each of its children. */
export function tellEveryMs(coins: number): number {
  return Math.max(TELL_MS, TELL_MS_PER_COIN * coins);
}

/** Asks whether it is time to tell the run again. @param startMs when the child began, ms UTC */
export function tellEvery(startMs: number, everyMs: number = TELL_MS): () => boolean {
  let toldMs = startMs;
  return () => {
    const isTime = Date.now() - toldMs >= everyMs;
    if (isTime) toldMs = Date.now();
    return isTime;
  };
}

/** Signals a run. One that has ended needs to know nothing. */
export async function tellRun(workflowId: string, signal: string, update: unknown): Promise<void> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(signal, update);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
