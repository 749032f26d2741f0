import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { NativeConnection, Worker } from "@temporalio/worker";
import { startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";

/**
 * Records a history of `lanes` in which the activity and the timer complete in one workflow task, by a worker without
 * interceptors: `node test/telemetry/record-lanes.ts`.
 */
const stateDir = await mkdtemp(join(tmpdir(), "candlecast-lanes-"));
const server = await startDevServer({ binary: (await findTemporal()).path, stateDir, port: null, uiPort: null, namespace: "default" });
const connection = await NativeConnection.connect({ address: server.address });
const client = new Client({ connection: await Connection.connect({ address: server.address }) });
const noop = async () => {};
const stepsWorker = () =>
  Worker.create({ connection, taskQueue: "lanes-steps", activities: { first: noop, afterStep: noop, afterTimer: noop } });
const workflowWorker = () =>
  Worker.create({
    connection,
    taskQueue: "lanes",
    workflowsPath: fileURLToPath(new URL("./lanes-workflow.ts", import.meta.url)),
    stickyQueueScheduleToStartTimeout: "100 milliseconds",
  });
try {
  const handle = await client.workflow.start("lanes", { taskQueue: "lanes", workflowId: "lanes", args: [] });
  await (await workflowWorker()).runUntil(setTimeout(700));
  await (await stepsWorker()).runUntil(setTimeout(1_500));
  const [steps, workflows] = [await stepsWorker(), await workflowWorker()];
  await steps.runUntil(workflows.runUntil(handle.result()));
  const history = await handle.fetchHistory();
  const anonymous = JSON.parse(historyToJSON(history), (key, value) => (key === "identity" ? "worker" : value));
  await writeFile(new URL("./lanes.json", import.meta.url), `${JSON.stringify(anonymous)}\n`);
  process.stdout.write(`${history.events?.map(({ eventType }) => eventType).join(" ")}\n`);
} finally {
  await client.connection.close();
  await connection.close();
  await server.stop();
  await rm(stateDir, { recursive: true, force: true });
}
