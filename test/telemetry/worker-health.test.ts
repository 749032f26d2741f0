import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import proto from "@temporalio/proto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cpuQueue, sourceQueue } from "../../core/vocabulary/queue-names.ts";
import { startService } from "../../dev/processes/service.ts";
import { projectFile } from "../../dev/project-file.ts";
import { type DevServer, startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import type { Readiness } from "../../telemetry/health-server.ts";

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;
const SOURCES = ["binance", "kraken", "cryptocompare", "simulated", "file"];

let stateDir: string;
let server: DevServer;
let connection: Connection;
/** A source that takes requests and never answers. */
let silent: Server;
let asked = 0;
beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "candlecast-health-"));
  server = await startDevServer({
    binary: (await findTemporal()).path,
    stateDir,
    port: null,
    uiPort: null,
    namespace: "default",
  });
  connection = await Connection.connect({ address: server.address });
  silent = createServer(() => {
    asked++;
  });
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
}, 60_000);
afterAll(async () => {
  silent?.closeAllConnections();
  silent?.close();
  await connection?.close();
  await server?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

async function isPolled(name: string, taskQueueType: number): Promise<boolean> {
  const { pollers } = await connection.workflowService.describeTaskQueue({ namespace: "default", taskQueue: { name }, taskQueueType });
  return (pollers ?? []).length > 0;
}

test("a worker that says ready is seen polling by the server; told to stop, it is unready while its steps end", {
  timeout: 90_000,
}, async () => {
  const address = `127.0.0.1:${await freePort()}`;
  const silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const env = {
    PATH: process.env.PATH,
    HOME: stateDir,
    STATE_DIR: stateDir,
    SYMBOLS: "BTC",
    TEMPORAL_ADDRESS: server.address,
    BINANCE_URL: silentUrl,
    KRAKEN_URL: silentUrl,
    CRYPTOCOMPARE_URL: silentUrl,
    WORKER_HEALTH_ADDRESS: address,
  };
  const worker = await startService({ name: "worker", entry: projectFile("worker.ts"), env, logFile: join(stateDir, "worker.log") });
  const queues = ["candlecast", cpuQueue("candlecast"), ...SOURCES.map((source) => sourceQueue("candlecast", source))];
  expect(await isPolled("candlecast", TASK_QUEUE_TYPE_WORKFLOW)).toBe(true);
  for (const queue of queues) expect({ queue, polled: await isPolled(queue, TASK_QUEUE_TYPE_ACTIVITY) }).toEqual({ queue, polled: true });

  const response = await fetch(`http://${address}/ready`);
  const { ready, checks } = (await response.json()) as Readiness;
  expect({ status: response.status, ready }).toEqual({ status: 200, ready: true });
  expect(checks.map(({ name }) => name)).toEqual([...queues.map((queue) => `queue ${queue}`), "Temporal", "store", "fit threads"]);

  const client = new Client({ connection });
  const run = await client.workflow.start("pipeline", { taskQueue: "candlecast", workflowId: "p", args: [{}] });
  while (asked === 0) await new Promise((done) => setTimeout(done, 50));
  const stopping = worker.stop({ graceMs: 9_000 });
  const seen: string[] = [];
  for (;;) {
    const [readiness, liveness] = await Promise.all(
      ["/ready", "/live"].map((path) =>
        fetch(`http://${address}${path}`).then(
          ({ status }) => status,
          () => null,
        ),
      ),
    );
    if (readiness === null || liveness === null) break;
    const pair = `${readiness} ${liveness}`;
    if (seen.at(-1) !== pair) seen.push(pair);
    await new Promise((done) => setTimeout(done, 20));
  }
  await stopping;
  expect(["503 200", "200 200,503 200"]).toContain(seen.join());
  expect(await worker.exited).toMatch(/^ended with code 0/);
  await run.terminate();
});
