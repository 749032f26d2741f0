import type { Client } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";

export interface ScannedHistories {
  readonly histories: number;
  /** bytes */
  readonly largestPayload: number;
  /** Where a secret was found: workflow ids. */
  readonly leaks: readonly string[];
}

/** Looks through the histories of all runs, payloads decoded, for secrets and for the largest payload. */
export async function scanHistories(client: Client, secrets: readonly string[]): Promise<ScannedHistories> {
  let histories = 0;
  let largestPayload = 0;
  const leaks: string[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const found = scanHistory(historyToJSON(await client.workflow.getHandle(workflowId, runId).fetchHistory()), secrets);
    histories++;
    largestPayload = Math.max(largestPayload, found.largestPayload);
    if (found.leak) leaks.push(workflowId);
  }
  return { histories, largestPayload, leaks };
}

/** As {@link scanHistories}, for one history as JSON. */
export function scanHistory(json: string, secrets: readonly string[]): { largestPayload: number; leak: boolean } {
  const payloads = [...json.matchAll(/"data": ?"([^"]*)"/g)].map(([, data]) => Buffer.from(data, "base64"));
  return {
    largestPayload: Math.max(0, ...payloads.map(({ length }) => length)),
    leak: [json, ...payloads.map((bytes) => bytes.toString("utf8"))].some((text) => secrets.some((secret) => text.includes(secret))),
  };
}
