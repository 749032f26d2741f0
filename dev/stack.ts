import { join } from "node:path";
import type { Client } from "@temporalio/client";
import type { Settings } from "../settings/settings.ts";
import { configuredServer, environmentFor, plainServer, type TemporalServer } from "../settings/temporal-server.ts";
import type { Claim } from "./processes/run-file.ts";
import { type Service, type ServiceOptions, startService } from "./processes/service.ts";
import { type Supervised, supervise } from "./processes/supervise.ts";
import { projectFile } from "./project-file.ts";
import { type DevServer, startDevServer } from "./temporal/dev-server.ts";
import { findTemporal } from "./temporal/find-temporal.ts";
import { openClient } from "./temporal/open-client.ts";
import { prepareNamespace } from "./temporal/prepare-namespace.ts";
import { workerService } from "./worker-service.ts";

export interface Stack {
  readonly client: Client;
  readonly namespace: string;
  readonly address: string;
  /** Of the Web UI; null where the server is a configured one and TEMPORAL_UI_URL is not set. */
  readonly uiUrl: string | null;
  readonly apiUrl: string;
  /** Ends all that was started: worker and API first, then the server. */
  stop(): Promise<void>;
}

export interface StackOptions {
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly claim: Claim;
  readonly onNote: (note: string) => void;
}

/** Their sum is well below the 10 s in which everything has to be gone, even if every process hangs. */
const WORKER_GRACE_MS = 4_000;
const API_GRACE_MS = 3_000;
const SERVER_GRACE_MS = 3_500;

/**
 * Starts Temporal (unless a server is configured), the worker and the API, and keeps them running.
 *
 * @throws {Error} if one of them can't be started; the others are ended again
 */
export async function startStack({ settings, env, claim, onNote }: StackOptions): Promise<Stack> {
  const configured = configuredServer(settings, env);
  const namespace = configured?.namespace ?? settings.temporalNamespace;
  const stopServices: (() => Promise<void>)[] = [];
  let devServer: Supervised<DevServer> | null = null;
  let client: Client | undefined;
  const stop = async () => {
    await Promise.all(stopServices.map((stopService) => stopService()));
    await client?.connection.close();
    await devServer?.stop();
  };
  const keepRunning = async (name: string, start: () => Promise<Service>, graceMs: number) => {
    const supervised = await supervise({
      name,
      start,
      stop: (running) => running.stop({ graceMs }),
      onNote,
      onPid: (pid) => claim.setChild(name, pid),
    });
    stopServices.push(() => supervised.stop());
    return supervised;
  };
  const startingServer = configured ? Promise.resolve(null) : superviseServer({ settings, env, claim, onNote });
  const webUi = async () => settings.temporalUiUrl ?? (await startingServer)?.current.uiUrl ?? null;
  const startTemporalAndWorker = async () => {
    devServer = await startingServer;
    const server: TemporalServer = configured ?? plainServer(namespace, devServer?.current.address);
    client = await openClient(server);
    if (configured) for (const problem of (await prepareNamespace(client.connection, namespace)).unchecked) onNote(problem);
    const worker = workerService(settings, env, server);
    await keepRunning("worker", () => startService(worker), WORKER_GRACE_MS);
    return { client, address: server.address, uiUrl: await webUi() };
  };
  const startApi = async () => {
    let port: string | undefined;
    const uiUrl = await webUi();
    // With a token it lists and starts runs on the server that was started here, too.
    const started = settings.apiToken ? await startingServer : null;
    const apiEnv = started ? environmentFor(plainServer(namespace, started.current.address), env) : env;
    const links = { TEMPORAL_NAMESPACE: namespace, ...(uiUrl ? { TEMPORAL_UI_URL: uiUrl } : {}) };
    const supervised = await keepRunning("API", () => startService(apiService(settings, { ...apiEnv, ...links }, port)), API_GRACE_MS);
    const url = browsable(String(supervised.current.ready.url));
    port = new URL(url).port;
    return url;
  };
  // Its own wait is over by the time that worker and API are up.
  const startUi = async () => (await startingServer)?.current.uiReady;
  const [runs, apiUrl, ui] = await Promise.allSettled([startTemporalAndWorker(), startApi(), startUi()]);
  if (runs.status === "rejected" || apiUrl.status === "rejected" || ui.status === "rejected") {
    await stop();
    throw [runs, apiUrl, ui].find((part) => part.status === "rejected")?.reason;
  }
  claim.update({ address: runs.value.address, namespace, uiUrl: runs.value.uiUrl, apiUrl: apiUrl.value });
  return { ...runs.value, namespace, apiUrl: apiUrl.value, stop };
}

async function superviseServer({ settings, env, claim, onNote }: StackOptions): Promise<Supervised<DevServer>> {
  const { path } = await findTemporal({ env, onNote });
  const { stateDir, temporalNamespace: namespace, temporalMetricsPort: metricsPort } = settings;
  let ports = { port: settings.temporalPort, uiPort: settings.temporalUiPort };
  return supervise({
    name: "Temporal server",
    start: async () => {
      const server = await startDevServer({ binary: path, stateDir, ...ports, metricsPort, namespace, onLog: onNote });
      // A restarted server listens where its clients know it.
      ports = { port: portOf(`http://${server.address}`), uiPort: portOf(server.uiUrl) };
      return server;
    },
    stop: (server) => server.stop({ graceMs: SERVER_GRACE_MS }),
    onNote,
    onPid: (pid) => claim.setChild("temporal", pid),
  });
}

function apiService(settings: Settings, env: NodeJS.ProcessEnv, port: string | undefined): ServiceOptions {
  const portSettings = port ? { PORT: port } : env.PORT ? {} : { PORT_FALLBACK: "1" };
  return {
    name: "API",
    entry: projectFile("api/server.ts"),
    env: { ...env, ...portSettings },
    logFile: join(settings.stateDir, "api.log"),
  };
}

/** A server that listens on every address of this machine is opened at its loopback address. */
function browsable(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
