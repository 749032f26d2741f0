import { mkdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, Connection, WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from "@temporalio/client";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";
import { pause } from "../../dev/processes/pause.ts";
import { type DevServer, startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import type { BackfillInput, BackfillResult, PipelineInput, PipelineResult } from "../../workflows/contract.ts";
import { type Market, startMarket } from "../market-server.ts";
import { type S3Server, startVersitygw } from "../versitygw.ts";
import { type Killable, startKillable } from "./killable.ts";

const WORKER = fileURLToPath(new URL("../../worker.ts", import.meta.url));
const API = fileURLToPath(new URL("../../api/server.ts", import.meta.url));
const HOOK = new URL("./worker-hook.ts", import.meta.url).href;
const WORKFLOWS = fileURLToPath(new URL("../../workflows/index.ts", import.meta.url));

/** Longest wait for one run, whatever befalls it. */
const RUN_MS = 8 * 60_000;

/** Temporal, S3 and the market on ports that they keep, each killed and started again on its own data. */
export interface World {
  readonly folder: string;
  readonly market: Market;
  readonly s3: S3Server;
  readonly client: Client;
  /** What must be found nowhere. */
  readonly secrets: readonly string[];
  temporal: { kill(): Promise<void>; restart(): Promise<void> };
  universe(name: string, options?: UniverseOptions): Universe;
  stop(): Promise<void>;
}

export interface UniverseOptions {
  /** `s3` by default; or a folder */
  readonly store?: "s3" | "file" | { readonly folder: string };
  /** In place of the S3 server's own. */
  readonly s3Endpoint?: string;
  readonly source?: string;
}

/** A store and task queues of their own, in a world that others share. */
export interface Universe {
  readonly name: string;
  readonly store: ObjectStore;
  startWorker(env?: Record<string, string>): Killable;
  startApi(env?: Record<string, string>): Promise<{ url: string; process: Killable }>;
  /** Starts a run, whether or not the server can be reached at once, and says how it ended. */
  run(id: string, input: PipelineInput): Promise<PipelineResult>;
  backfill(id: string, input: BackfillInput): Promise<BackfillResult>;
}

export async function startWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), "candlecast-chaos-"));
  const logs = join(folder, "logs");
  mkdirSync(logs);
  const apiKey = `chaos-key-${crypto.randomUUID()}`;
  const [market, s3, { path: binary }] = await Promise.all([startMarket(), startVersitygw(), findTemporal()]);
  // The store of this process: credentials come by the usual chain.
  process.env.AWS_ACCESS_KEY_ID = s3.accessKey;
  process.env.AWS_SECRET_ACCESS_KEY = s3.secretKey;
  process.env.AWS_EC2_METADATA_DISABLED = "true";
  const ports = { port: await freePort(), uiPort: await freePort() };
  const startTemporal = () => startDevServer({ binary, stateDir: logs, ...ports, namespace: "default" });
  let temporal: DevServer = await startTemporal();
  const connection = await Connection.connect({ address: temporal.address });
  const client = new Client({ connection });
  const bundle = join(folder, "workflows.js");
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: new DefaultLogger("ERROR") });
  await writeFile(bundle, code);
  const processes = new Set<Killable>();

  const universe: World["universe"] = (name, { store: kind = "s3", s3Endpoint = s3.endpoint, source = "binance" } = {}) => {
    const storeUrl = kind === "s3" ? `s3://${s3.bucket}/${name}` : `file:${kind === "file" ? join(folder, "stores", name) : kind.folder}`;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_TASK_QUEUE: name,
      STORE_URL: storeUrl,
      S3_ENDPOINT: s3Endpoint,
      BINANCE_URL: market.url,
      KRAKEN_URL: market.url,
      CRYPTOCOMPARE_URL: market.url,
      CRYPTOCOMPARE_API_KEY: apiKey,
      CANDLE_SOURCE: source,
      WORKFLOW_BUNDLE: bundle,
      LOG_LEVEL: "INFO",
    };
    let started = 0;
    const start = (what: string, args: string[], extra: Record<string, string>) => {
      const one = startKillable(args, { env: { ...env, ...extra }, logFile: join(logs, `${name}-${what}-${++started}.log`) });
      processes.add(one);
      void one.exited.then(() => processes.delete(one));
      return one;
    };
    return {
      name,
      store: openStore(storeUrl, { s3Endpoint: s3.endpoint }),
      startWorker: (extra = {}) => start("worker", ["--import", HOOK, WORKER], extra),
      async startApi(extra = {}) {
        const api = start("api", [API], { PORT: "0", ...extra });
        return { url: String((await api.ready).url), process: api };
      },
      run: (id, input) => runThrough(client, { type: "pipeline", id: `${name}-${id}`, taskQueue: name, input }),
      backfill: (id, input) => runThrough(client, { type: "backfill", id: `${name}-${id}`, taskQueue: name, input }),
    };
  };

  return {
    folder,
    market,
    s3,
    client,
    secrets: [apiKey, s3.secretKey, s3.accessKey],
    temporal: {
      async kill() {
        process.kill(temporal.pid, "SIGKILL");
        await temporal.exited;
        await temporal.stop();
      },
      async restart() {
        temporal = await startTemporal();
      },
    },
    universe,
    async stop() {
      await Promise.all([...processes].map((one) => one.kill("SIGKILL")));
      await connection.close();
      await temporal.stop();
      await s3.stop();
      await market.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a run over any outage of the server; a run that fails is an error with its reason. */
async function runThrough<T>(
  client: Client,
  { type, id, taskQueue, input }: { type: "pipeline" | "backfill"; id: string; taskQueue: string; input: PipelineInput | BackfillInput },
): Promise<T> {
  let isStarted = false;
  for (const end = Date.now() + RUN_MS; Date.now() < end; await pause(200)) {
    try {
      if (!isStarted) {
        await client.workflow.start(type, { taskQueue, workflowId: id, args: [input] }).catch((error) => {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        });
      }
      isStarted = true;
      const over = pause(end - Date.now()).then(() => null);
      const result = await Promise.race([client.workflow.getHandle(id).result() as Promise<T>, over]);
      if (result) return result;
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw rootCause(error);
    }
  }
  throw new Error(`${id} has not ended within ${RUN_MS / 1000} s`);
}

function rootCause(error: Error): Error {
  let inner: Error = error;
  while (inner.cause instanceof Error) inner = inner.cause;
  return inner;
}
