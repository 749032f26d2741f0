import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DevServer, startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { type PipelineProgress, type PipelineResult, PROGRESS_QUERY } from "../../workflows/contract.ts";

const WORKER = fileURLToPath(new URL("../../worker.ts", import.meta.url));

describe("a run whose worker is killed", () => {
  let folder: string;
  let server: DevServer;
  let connection: Connection;
  let client: Client;
  const started: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "candlecast-kill-"));
    server = await startDevServer({
      binary: (await findTemporal()).path,
      stateDir: folder,
      port: null,
      uiPort: null,
      namespace: "default",
    });
    connection = await Connection.connect({ address: server.address });
    client = new Client({ connection });
  });
  afterAll(async () => {
    for (const child of started) await end(child, "SIGKILL");
    await connection?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function startWorker(store: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [WORKER], {
      env: {
        ...process.env,
        TEMPORAL_ADDRESS: server.address,
        TEMPORAL_TASK_QUEUE: store,
        STORE_URL: `file:${join(folder, store)}`,
        LOG_LEVEL: "ERROR",
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(child);
    for await (const line of createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }))
      if (line.includes("ready")) return child;
    throw new Error("the worker ended before it was ready");
  }

  async function startRun(store: string) {
    return client.workflow.start("pipeline", {
      taskQueue: store,
      workflowId: store,
      args: [{ symbols: ["HET"], asOf: "2020-12-31T12:00:00Z" }],
    });
  }

  /** The part that must be equal whichever worker did it: all but times, ids and the manifest's own version. */
  async function digests(store: string): Promise<unknown> {
    const latest = await readLatest(openStore(`file:${join(folder, store)}`, { s3Endpoint: null }));
    if (!latest) throw new Error(`${store} has no manifest`);
    const { models, features, evaluation, trainingDigest } = latest.manifest.symbols.HET;
    return { models, features, evaluation, trainingDigest };
  }

  test("is finished by another one, with the digests of an undisturbed run", async () => {
    const calm = await startWorker("calm");
    await (await startRun("calm")).result();
    await end(calm, "SIGTERM");

    const victim = await startWorker("killed");
    const run = await startRun("killed");
    await until(async () => (await run.query<PipelineProgress>(PROGRESS_QUERY)).trainings.some(({ status }) => status === "running"));
    await end(victim, "SIGKILL");
    await startWorker("killed");
    const result = (await run.result()) as PipelineResult;
    expect(result.manifest?.published).toBe(true);
    expect(await digests("killed")).toEqual(await digests("calm"));
  }, 180_000);
});

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await gone;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await check().catch(() => false)) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("what was waited for did not come about within 40 s");
}
