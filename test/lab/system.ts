import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Client, Connection, WorkflowExecutionAlreadyStartedError, WorkflowFailedError } from "@temporalio/client";
import { pause } from "../../dev/processes/pause.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { type PipelineInput, type PipelineResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { marketFolder } from "../market-server.ts";
import { attempt, cleanups, docker, type Ended, lastLines, needImages, ROOT, type RunOptions } from "./docker.ts";
import { IMAGE } from "./image.ts";

const FILES = ["docker-compose.temporal.yml", "test/lab/market.compose.yml"];
const TASK_QUEUE = "candlecast";
const UP_MS = 120_000;
/** Longest wait for one run, whatever befalls it. */
const RUN_MS = 5 * 60_000;

/** docker-compose.temporal.yml as a project of its own, with ports and secrets of its own, and real candles for the worker. */
export interface ComposeSystem {
  readonly apiUrl: string;
  readonly uiUrl: string;
  /** Runs `docker compose …` on the project. */
  compose(args: readonly string[], options?: RunOptions): Promise<string>;
  tryCompose(args: readonly string[], options?: RunOptions): Promise<Ended>;
  /**
   * Starts what isn't there, and waits until all of it is well.
   *
   * @param store folder of the bucket that worker and API use from now on
   * @returns seconds
   */
  up(options?: { readonly store?: string; readonly workers?: number }): Promise<number>;
  /** Ends and removes all containers; volumes stay. */
  down(): Promise<void>;
  /** Of the only container of a service. */
  container(service: string): Promise<string>;
  /** The bucket's folder, seen from this machine. */
  store(folder: string): ObjectStore;
  /** A client of the project's Temporal server; the address stays over its restarts. */
  client(): Promise<Client>;
  /** Starts a pipeline, whether or not the server can be reached at once, and waits for its end. */
  run(workflowId: string, input: PipelineInput): Promise<PipelineResult>;
  /** Removes everything, volumes too. */
  remove(): Promise<void>;
}

/** Nothing runs yet. The image is built before. */
export async function composeSystem(): Promise<ComposeSystem> {
  const project = `candlecast-lab-${randomBytes(4).toString("hex")}`;
  const [api, ui, temporal, s3] = [await freePort(), await freePort(), await freePort(), await freePort()];
  const market = "http://market:8080";
  const keys = { accessKeyId: `lab${randomBytes(8).toString("hex")}`, secretAccessKey: randomBytes(16).toString("hex") };
  const env: NodeJS.ProcessEnv = {
    CANDLECAST_TAG: IMAGE.split(":")[1],
    CANDLECAST_MARKET: marketFolder,
    POSTGRES_PASSWORD: randomBytes(16).toString("hex"),
    S3_ACCESS_KEY: keys.accessKeyId,
    S3_SECRET_KEY: keys.secretAccessKey,
    API_PORT: String(api),
    TEMPORAL_UI_PORT: String(ui),
    TEMPORAL_PORT: String(temporal),
    S3_PORT: String(s3),
    CANDLE_SOURCE: "binance",
    BINANCE_URL: market,
    KRAKEN_URL: market,
    CRYPTOCOMPARE_URL: market,
  };
  // The store of this process: credentials come by the usual chain.
  process.env.AWS_ACCESS_KEY_ID = keys.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = keys.secretAccessKey;
  process.env.AWS_EC2_METADATA_DISABLED = "true";
  const prefix = [
    "compose",
    "--project-name",
    project,
    "--project-directory",
    ROOT,
    ...FILES.flatMap((file) => ["--file", join(ROOT, file)]),
  ];
  const tryCompose = (args: readonly string[], options: RunOptions = {}) =>
    attempt("docker", [...prefix, ...args], { timeoutMs: UP_MS, ...options, env: { ...env, ...options.env } });
  const compose = async (args: readonly string[], options: RunOptions = {}) => {
    const { ok, text, errors } = await tryCompose(args, options);
    if (!ok) throw new Error(`docker compose ${args.join(" ")} failed: ${lastLines(errors || text)}`);
    return text.trim();
  };
  let client: Client | null = null;
  const closeClient = async () => {
    await client?.connection.close();
    client = null;
  };
  const system: ComposeSystem = {
    apiUrl: `http://127.0.0.1:${api}`,
    uiUrl: `http://127.0.0.1:${ui}`,
    compose,
    tryCompose,
    async up({ store, workers } = {}) {
      if (store) env.STORE_URL = `s3://candlecast/${store}`;
      const began = Date.now();
      const scale = workers ? ["--scale", `worker=${workers}`] : [];
      const args = ["up", "--detach", "--no-build", "--wait", "--wait-timeout", String(UP_MS / 1000), ...scale];
      const { ok, errors } = await tryCompose(args, { timeoutMs: 2 * UP_MS });
      if (!ok) throw new Error(`docker compose up failed: ${lastLines(errors, 3)}; ${await unwell(compose)}`);
      return (Date.now() - began) / 1000;
    },
    async down() {
      await closeClient();
      await compose(["down"], { timeoutMs: UP_MS });
    },
    container: (service) => compose(["ps", "--all", "--quiet", service]),
    store: (folder) => openStore(`s3://candlecast/${folder}`, { s3Endpoint: `http://127.0.0.1:${s3}` }),
    async client() {
      client ??= new Client({ connection: await Connection.connect({ address: `127.0.0.1:${temporal}` }) });
      return client;
    },
    run: (workflowId, input) => runThrough(system, workflowId, input),
    async remove() {
      cleanups.delete(system.remove);
      await closeClient();
      await tryCompose(["down", "--volumes", "--remove-orphans", "--timeout", "5"], { timeoutMs: UP_MS });
    },
  };
  const images = (await compose(["config", "--images"])).split("\n").filter((image) => image !== IMAGE);
  await needImages(images);
  cleanups.add(system.remove);
  return system;
}

/** What keeps a project from being well, with the end of its log. */
async function unwell(compose: ComposeSystem["compose"]): Promise<string> {
  const lines = (await compose(["ps", "--all", "--format", "{{.Service}}\t{{.Status}}"])).split("\n").map((line) => line.split("\t"));
  const bad = lines.filter(([, status]) => !/^Up .*\(healthy\)|^Exited \(0\)/.test(status));
  const texts = bad.map(
    async ([service, status]) =>
      `${service} is ${status}: ${lastLines(await compose(["logs", "--no-log-prefix", "--tail", "5", service]), 5)}`,
  );
  return (await Promise.all(texts)).join("; ");
}

async function runThrough(system: ComposeSystem, workflowId: string, input: PipelineInput): Promise<PipelineResult> {
  for (const end = Date.now() + RUN_MS; Date.now() < end; await pause(200)) {
    try {
      const { workflow } = await system.client();
      const options = { taskQueue: TASK_QUEUE, workflowId, args: [input], workflowIdReusePolicy: "REJECT_DUPLICATE" } as const;
      await workflow.start(WORKFLOW_TYPES.pipeline, options).catch((error) => {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      });
      const over = pause(end - Date.now()).then(() => null);
      const result = await Promise.race([workflow.getHandle(workflowId).result() as Promise<PipelineResult>, over]);
      if (result) return result;
    } catch (error) {
      if (error instanceof WorkflowFailedError) throw error.cause ?? error;
    }
  }
  throw new Error(`${workflowId} has not ended within ${RUN_MS / 1000} s`);
}

/** Kills a container as a power cut would. */
export async function kill(container: string): Promise<void> {
  await docker(["kill", "--signal", "KILL", container]);
}
