import { join } from "node:path";
import { Client, Connection, type ConnectionOptions } from "@temporalio/client";
import type { Settings } from "../../settings/settings.ts";
import { traceStarts } from "../../telemetry/client-interceptor.ts";
import { startTracing } from "../../telemetry/tracing.ts";
import { pause } from "../processes/pause.ts";
import { type Claim, claimStateDir, readRunFile } from "../processes/run-file.ts";
import { type Service, startService } from "../processes/service.ts";
import { projectFile } from "../project-file.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";
import { findTemporal } from "./find-temporal.ts";
import { givenServer } from "./given-server.ts";
import { prepareNamespace } from "./prepare-namespace.ts";

export interface TemporalAccess {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  /** `given`: by address or profile; `running`: what `up` started; `temporary`: started for this command. */
  readonly origin: "given" | "running" | "temporary";
  /** Of the Web UI, where it is known. */
  readonly uiUrl: string | null;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly onNote: (note: string) => void;
  /** Whether the command needs a worker, should nothing run yet. */
  readonly worker: boolean;
  readonly signal?: AbortSignal;
}

const CONNECT_MS = 5_000;
const WORKER_GRACE_MS = 4_500;

/**
 * The Temporal server that is given, or the one that `up` runs on this STATE_DIR, or else one started with a worker for
 * as long as the command needs it.
 *
 * @throws {Error} if a given server can't be reached, or none can be found or started
 */
export async function connectTemporal(options: ConnectOptions): Promise<TemporalAccess> {
  const access = await reachTemporal(options);
  const tracing = await startTracing(options.settings.traces, { service: "candlecast-cli" });
  if (!tracing) return access;
  const { client, namespace } = access;
  return {
    ...access,
    client: new Client({ connection: client.connection, namespace, interceptors: { workflow: [traceStarts(tracing)] } }),
    close: async () => {
      await tracing.shutdown();
      await access.close();
    },
  };
}

async function reachTemporal(options: ConnectOptions): Promise<TemporalAccess> {
  const { settings, env, onNote, signal } = options;
  const given = givenServer(settings, env);
  if (given) {
    const client = await open(given.connection, given.namespace);
    for (const problem of await prepareNamespace(client.connection as Connection, given.namespace)) onNote(problem);
    return {
      client,
      address: given.address,
      namespace: given.namespace,
      origin: "given",
      uiUrl: settings.temporalUiUrl,
      close: () => client.connection.close(),
    };
  }
  let told = false;
  while (!signal?.aborted) {
    const running = readRunFile(settings.stateDir);
    if (running?.kind === "up" && running.address && running.namespace) {
      const client = await open({ address: running.address }, running.namespace);
      return {
        client,
        address: running.address,
        namespace: running.namespace,
        origin: "running",
        uiUrl: running.uiUrl,
        close: () => client.connection.close(),
      };
    }
    if (!running) {
      const claimed = await claimStateDir(settings.stateDir, "temporary", new Date());
      if ("claim" in claimed) return startTemporary(claimed.claim, options);
    }
    if (!told && running) onNote(`process ${running.owner.pid} uses ${settings.stateDir}; waiting for it`);
    told = true;
    await pause(250, signal);
  }
  throw new Error("stopped before Temporal was reached");
}

async function startTemporary(claim: Claim, { settings, env, onNote, worker }: ConnectOptions): Promise<TemporalAccess> {
  let server: DevServer | undefined;
  let service: Service | undefined;
  let client: Client | undefined;
  const close = async () => {
    await service?.stop({ graceMs: WORKER_GRACE_MS });
    await client?.connection.close();
    await server?.stop();
    claim.release();
  };
  try {
    const { path } = await findTemporal({ env, onNote });
    const namespace = settings.temporalNamespace;
    server = await startDevServer({
      binary: path,
      stateDir: settings.stateDir,
      port: settings.temporalPort,
      uiPort: settings.temporalUiPort,
      metricsPort: settings.temporalMetricsPort,
      namespace,
      onLog: onNote,
    });
    claim.setChild("temporal", server.pid);
    claim.update({ address: server.address, namespace, uiUrl: server.uiUrl });
    if (worker) {
      service = await startService(workerService(settings, env, server.address, namespace));
      claim.setChild("worker", service.pid);
    }
    client = await open({ address: server.address }, namespace);
    return { client, address: server.address, namespace, origin: "temporary", uiUrl: server.uiUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How the worker is started, here and by `up`. */
export function workerService(settings: Settings, env: NodeJS.ProcessEnv, address: string, namespace: string) {
  return {
    name: "worker",
    entry: projectFile("worker.ts"),
    env: { ...env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
    logFile: join(settings.stateDir, "worker.log"),
  };
}

async function open(options: ConnectionOptions, namespace: string): Promise<Client> {
  try {
    return new Client({ connection: await Connection.connect({ ...options, connectTimeout: CONNECT_MS }), namespace });
  } catch (cause) {
    throw unreachable(options.address, cause);
  }
}

/** What is said when no Temporal server answers at an address. */
export function unreachable(address: string | undefined, cause: unknown): Error {
  return new Error(`Temporal can't be reached at ${address}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}
