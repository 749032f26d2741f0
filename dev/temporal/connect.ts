import { Client } from "@temporalio/client";
import type { Settings } from "../../settings/settings.ts";
import { configuredServer, plainServer } from "../../settings/temporal-server.ts";
import { traceStarts } from "../../telemetry/client-interceptor.ts";
import { startTracing } from "../../telemetry/tracing.ts";
import { pause } from "../processes/pause.ts";
import { type Claim, claimStateDir, readRunFile } from "../processes/run-file.ts";
import { type Service, startService } from "../processes/service.ts";
import { workerService } from "../worker-service.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";
import { findTemporal } from "./find-temporal.ts";
import { openClient } from "./open-client.ts";
import { prepareNamespace } from "./prepare-namespace.ts";

export interface TemporalAccess {
  readonly client: Client;
  readonly address: string;
  readonly namespace: string;
  /** `configured`: named by the environment or a profile; `running`: started by `up`; `temporary`: started for this command. */
  readonly origin: "configured" | "running" | "temporary";
  /** Of the Web UI; null where it isn't known. */
  readonly uiUrl: string | null;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly onNote: (note: string) => void;
  /** Whether a worker is started too, where a server has to be started. */
  readonly worker: boolean;
  readonly signal?: AbortSignal;
}

const WORKER_GRACE_MS = 4_500;

/**
 * Connects to the configured Temporal server, or to the one that `up` runs on this STATE_DIR. Where there is neither, a
 * server is started for as long as the command needs it.
 *
 * @throws {Error} if a configured server can't be reached, or none can be found or started
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
  const server = configuredServer(settings, env);
  if (server) {
    const client = await openClient(server);
    const { unchecked } = await prepareNamespace(client.connection, server.namespace);
    for (const problem of unchecked) onNote(problem);
    return accessTo(client, { address: server.address, origin: "configured", uiUrl: settings.temporalUiUrl });
  }
  let noted = false;
  while (!signal?.aborted) {
    const running = readRunFile(settings.stateDir);
    if (running?.kind === "up" && running.address && running.namespace) {
      const client = await openClient(plainServer(running.namespace, running.address));
      return accessTo(client, { address: running.address, origin: "running", uiUrl: running.uiUrl });
    }
    if (!running) {
      const claimed = await claimStateDir(settings.stateDir, "temporary", new Date());
      if ("claim" in claimed) return startTemporary(claimed.claim, options);
    }
    if (!noted && running) onNote(`process ${running.owner.pid} uses ${settings.stateDir}; waiting for it`);
    noted = true;
    await pause(250, signal);
  }
  throw new Error("stopped before Temporal was reached");
}

function accessTo(client: Client, found: Pick<TemporalAccess, "address" | "origin" | "uiUrl">): TemporalAccess {
  return { client, namespace: client.options.namespace, ...found, close: () => client.connection.close() };
}

async function startTemporary(claim: Claim, { settings, env, onNote, worker }: ConnectOptions): Promise<TemporalAccess> {
  let devServer: DevServer | undefined;
  let service: Service | undefined;
  let client: Client | undefined;
  const close = async () => {
    await service?.stop({ graceMs: WORKER_GRACE_MS });
    await client?.connection.close();
    await devServer?.stop();
    claim.release();
  };
  try {
    const { path } = await findTemporal({ env, onNote });
    const namespace = settings.temporalNamespace;
    devServer = await startDevServer({
      binary: path,
      stateDir: settings.stateDir,
      port: settings.temporalPort,
      uiPort: settings.temporalUiPort,
      metricsPort: settings.temporalMetricsPort,
      namespace,
      onLog: onNote,
    });
    const { address, uiUrl } = devServer;
    const server = plainServer(namespace, address);
    claim.setChild("temporal", devServer.pid);
    claim.update({ address, namespace, uiUrl });
    if (worker) {
      service = await startService(workerService(settings, env, server));
      claim.setChild("worker", service.pid);
    }
    client = await openClient(server);
    return { ...accessTo(client, { address, origin: "temporary", uiUrl }), close };
  } catch (error) {
    await close();
    throw error;
  }
}
