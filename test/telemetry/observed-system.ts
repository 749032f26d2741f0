import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import type { History } from "@temporalio/common/lib/proto-utils.js";
import { temporal } from "@temporalio/proto";
import { type Service, startService } from "../../dev/processes/service.ts";
import { projectFile } from "../../dev/project-file.ts";
import { startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import { type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";

export const API_KEY = "k3y-that-must-not-be-seen";
export const COLLECTOR_TOKEN = "t0ken-that-must-not-be-seen";
export const CALLER = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
const TASK_QUEUE = "candlecast";

/** What one run of the whole system produced: its spans, and a scrape of each endpoint. */
export interface Observed {
  readonly receiver: OtlpReceiver;
  readonly scrapes: Readonly<Record<"worker" | "api" | "server", string>>;
  /** The traced run. */
  readonly workflowId: string;
  readonly history: History;
  readonly traceResponse: string | null;
  readonly temporalBinary: string;
}

/**
 * Runs Temporal, worker, API and one `candlecast pipeline` as separate processes, all traced and all scraped. Besides that
 * run there are one that fails, and one whose history doesn't replay with this code.
 */
export async function observeSystem(): Promise<Observed> {
  const stateDir = await mkdtemp(join(tmpdir(), "candlecast-observed-"));
  const receiver = await startOtlpReceiver();
  const refusing = createServer((_, response) => response.writeHead(401).end("{}"));
  refusing.listen(0, "127.0.0.1");
  await once(refusing, "listening");
  const temporalBinary = (await findTemporal()).path;
  const [workerPort, metricsPort] = [await freePort(), await freePort()];
  const server = await startDevServer({ binary: temporalBinary, stateDir, port: null, uiPort: null, metricsPort, namespace: "default" });
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  const services: Service[] = [];
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    STATE_DIR: stateDir,
    PORT: "0",
    TEMPORAL_ADDRESS: server.address,
    WORKER_METRICS_ADDRESS: `127.0.0.1:${workerPort}`,
    CRYPTOCOMPARE_URL: `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`,
    CRYPTOCOMPARE_API_KEY: API_KEY,
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${COLLECTOR_TOKEN}`,
  };
  const start = async (name: string, entry: string) => {
    const service = await startService({ name, entry: projectFile(entry), env, logFile: join(stateDir, `${name}.log`) });
    services.push(service);
    return service;
  };
  try {
    await plantForeignHistory(client);
    const [api] = await Promise.all([start("api", "api/server.ts"), start("worker", "worker.ts")]);
    const apiUrl = String(api.ready.url);
    await client.workflow
      .execute("pipeline", { taskQueue: TASK_QUEUE, workflowId: "refused", args: [{ horizon: 0 }] })
      .catch((error: unknown) => error);
    const workflowId = await runPipeline(env);
    await (await fetch(`${apiUrl}/reload`)).text();
    const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;
    const response = await fetch(`${apiUrl}/symbol/HET?token=${API_KEY}`, { headers: { traceparent } });
    for (const path of ["/symbol/NOPE", "/live"]) await fetch(`${apiUrl}${path}`);
    const scrape = async (url: string) => (await fetch(url)).text();
    const scrapes = {
      worker: await eventually(() => scrape(`http://127.0.0.1:${workerPort}/metrics`), "NonDeterminismError"),
      api: await scrape(`${apiUrl}/metrics`),
      server: await scrape(`http://127.0.0.1:${metricsPort}/metrics`),
    };
    const history = await client.workflow.getHandle(workflowId).fetchHistory();
    return { receiver, scrapes, workflowId, history, traceResponse: response.headers.get("traceresponse"), temporalBinary };
  } finally {
    await Promise.all(services.map((service) => service.stop({ graceMs: 9_000 })));
    await connection.close();
    await server.stop();
    await receiver.stop();
    refusing.close();
    await rm(stateDir, { recursive: true, force: true });
  }
}

/** Runs `candlecast pipeline` as people type it, and returns the run's id. */
async function runPipeline(env: NodeJS.ProcessEnv): Promise<string> {
  const line = ["pipeline", "--symbols", "HET,BTC", "--as-of", "2016-12-31T12:00:00Z"];
  const child = spawn(process.execPath, [projectFile("cli/main.ts"), ...line], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said: string[] = [];
  child.stdout.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  await once(child, "close");
  const text = said.join("");
  const [workflowId] = /pipeline-\d{4}-[\dT:.-]+Z/.exec(decodeURIComponent(text)) ?? [];
  if (!workflowId || !text.includes("HET")) throw new Error(`the run didn't start: ${text}`);
  return workflowId;
}

/** Starts a run as different code would: its first command is a timer, which the pipeline doesn't set. */
async function plantForeignHistory({ workflow, workflowService, connection }: Client): Promise<void> {
  await workflow.start("pipeline", { taskQueue: TASK_QUEUE, workflowId: "foreign", args: [{ symbols: ["HET"] }] });
  const namespace = "default";
  const poll = () => workflowService.pollWorkflowTaskQueue({ namespace, taskQueue: { name: TASK_QUEUE }, identity: "test" });
  const { taskToken } = await connection.withDeadline(Date.now() + 20_000, poll);
  await workflowService.respondWorkflowTaskCompleted({
    namespace,
    taskToken,
    identity: "test",
    commands: [
      {
        commandType: temporal.api.enums.v1.CommandType.COMMAND_TYPE_START_TIMER,
        startTimerCommandAttributes: { timerId: "1", startToFireTimeout: { nanos: 1_000_000 } },
      },
    ],
  });
}

async function eventually(read: () => Promise<string>, wanted: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const text = await read();
    if (text.includes(wanted) || attempt === 100) return text;
    await new Promise((done) => setTimeout(done, 100));
  }
}
