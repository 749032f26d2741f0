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

/** A run is told no oftener how far its children are: a signal is two events there, two here, and a task for each. */
const TELL_MS = 2_000;

/** Asks whether it is time to tell the run again. @param startMs when the child began, ms UTC */
export function tellEvery(startMs: number): () => boolean {
  let toldMs = startMs;
  return () => {
    const isTime = Date.now() - toldMs >= TELL_MS;
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
