import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import type { World } from "./world.ts";

const MOST_BYTES = 64 * 1024;

export interface Evidence {
  readonly histories: number;
  readonly payloads: number;
  readonly largestPayload: number;
  readonly logBytes: number;
  readonly problems: readonly string[];
}

/** Looks for the secrets and for large payloads in every history of every run, and for the secrets in every log. */
export async function scanEvidence(world: World): Promise<Evidence> {
  const problems: string[] = [];
  const search = (where: string, text: string) => {
    for (const secret of world.secrets)
      if (text.includes(secret)) problems.push(`${where} holds a secret that begins with ${secret.slice(0, 4)}`);
  };
  let histories = 0;
  let payloads = 0;
  let largestPayload = 0;
  for await (const { workflowId, runId } of world.client.workflow.list()) {
    const text = historyToJSON(await world.client.workflow.getHandle(workflowId, runId).fetchHistory());
    histories++;
    search(`history of ${workflowId}`, text);
    for (const [, data] of text.matchAll(/"data": ?"([^"]*)"/g)) {
      const bytes = Buffer.from(data, "base64");
      payloads++;
      largestPayload = Math.max(largestPayload, bytes.byteLength);
      search(`a payload of ${workflowId}`, bytes.toString("latin1"));
      if (bytes.byteLength > MOST_BYTES) problems.push(`a payload of ${workflowId} has ${bytes.byteLength} bytes`);
    }
  }
  let logBytes = 0;
  const logs = join(world.folder, "logs");
  for (const name of (await readdir(logs)).filter((file) => file.endsWith(".log"))) {
    const text = await readFile(join(logs, name), "utf8");
    logBytes += text.length;
    search(name, text);
  }
  return { histories, payloads, largestPayload, logBytes, problems };
}
