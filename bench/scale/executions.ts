import { Client, Connection } from "@temporalio/client";
import { addActions, countActions, type HistoryActions, NO_ACTIONS } from "./history-actions.ts";

/** What the histories of a run and of all that it started hold. */
export interface Histories {
  readonly executions: number;
  readonly events: number;
  readonly bytes: number;
  /** of the longest one */
  readonly mostEvents: number;
  readonly mostBytes: number;
  readonly actions: HistoryActions;
}

/** Reads the histories of all executions that began at a time or later. */
export async function readHistories(address: string, { namespace, since }: { namespace: string; since: Date }): Promise<Histories> {
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection, namespace });
    const all = { executions: 0, events: 0, bytes: 0, mostEvents: 0, mostBytes: 0 };
    let actions = NO_ACTIONS;
    for await (const { workflowId, runId } of client.workflow.list({ query: `StartTime >= '${since.toISOString()}'` })) {
      const handle = client.workflow.getHandle(workflowId, runId);
      const { historySize = 0 } = await handle.describe();
      const events = (await handle.fetchHistory()).events ?? [];
      all.executions++;
      all.events += events.length;
      all.bytes += historySize;
      all.mostEvents = Math.max(all.mostEvents, events.length);
      all.mostBytes = Math.max(all.mostBytes, historySize);
      actions = addActions(actions, countActions(events));
    }
    return { ...all, actions };
  } finally {
    await connection.close();
  }
}
