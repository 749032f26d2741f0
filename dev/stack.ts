import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import type { Settings } from "../settings/settings.ts";
import type { Claim } from "./processes/run-file.ts";
import { type Service, startService } from "./processes/service.ts";
import { type Supervised, supervise } from "./processes/supervise.ts";
import { projectFile } from "./project-file.ts";
import { unreachable, workerService } from "./temporal/connect.ts";
import { type DevServer, startDevServer } from "./temporal/dev-server.ts";
import { findTemporal } from "./temporal/find-temporal.ts";
import { type GivenServer, givenServer } from "./temporal/given-server.ts";
import { prepareNamespace } from "./temporal/prepare-namespace.ts";

export interface Stack {
  readonly client: Client;
  readonly namespace: string;
  readonly address: string;
  /** Of the Web UI; null where the server is a given one and TEMPORAL_UI_URL is not set. */
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

/** Together well below the 10 s in which everything has to be gone, even if all of it hangs. */
const WORKER_GRACE_MS = 4_000;
const API_GRACE_MS = 3_000;
const SERVER_GRACE_MS = 3_500;

/**
 * Starts Temporal (unless one is given), the worker and the API, and keeps them running.
 *
 * @throws {Error} if one of them can't be started; the others are ended again
 */
export async function startStack({ settings, env, claim, onNote }: StackOptions): Promise<Stack> {
  const given = givenServer(settings, env);
  const namespace = given?.namespace ?? settings.temporalNamespace;
  const stopServices: (() => Promise<void>)[] = [];
  let server: Supervised<DevServer> | undefined;
  let client: Client | undefined;
  const stop = async () => {
    await Promise.all(stopServices.map((stopService) => stopService()));
    await client?.connection.close();
    await server?.stop();
  };
  const service = async (name: string, start: (restart: boolean) => Promise<Service>, graceMs: number) => {
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
  const temporal = given ? Promise.resolve(null) : superviseServer({ settings, env, claim, onNote }, namespace);
  const webUi = async () => settings.temporalUiUrl ?? (await temporal)?.current.uiUrl ?? null;
  const temporalAndWorker = async () => {
    server = (await temporal) ?? undefined;
    const address = given?.address ?? (server as Supervised<DevServer>).current.address;
    client = await openClient(given, address, namespace, onNote);
    const worker = workerService(settings, env, address, namespace);
    await service("worker", () => startService(worker), WORKER_GRACE_MS);
    return { client, address, uiUrl: await webUi() };
  };
  const api = async () => {
    let port: string | undefined;
    const uiUrl = await webUi();
    const links = { TEMPORAL_NAMESPACE: namespace, ...(uiUrl ? { TEMPORAL_UI_URL: uiUrl } : {}) };
    const supervised = await service("API", () => startService(apiService(settings, { ...env, ...links }, port)), API_GRACE_MS);
    const url = reachable(String(supervised.current.ready.url));
    port = new URL(url).port;
    return url;
  };
  const [runs, apiUrl] = await Promise.allSettled([temporalAndWorker(), api()]);
  if (runs.status === "rejected" || apiUrl.status === "rejected") {
    await stop();
    throw runs.status === "rejected" ? runs.reason : (apiUrl as PromiseRejectedResult).reason;
  }
  claim.update({ address: runs.value.address, namespace, uiUrl: runs.value.uiUrl, apiUrl: apiUrl.value });
  return { ...runs.value, namespace, apiUrl: apiUrl.value, stop };
}

async function superviseServer({ settings, env, claim, onNote }: StackOptions, namespace: string): Promise<Supervised<DevServer>> {
  const { path } = await findTemporal({ env, onNote });
  let ports = { port: settings.temporalPort, uiPort: settings.temporalUiPort };
  return supervise({
    name: "Temporal server",
    start: async () => {
      const { stateDir, temporalMetricsPort: metricsPort } = settings;
      const server = await startDevServer({ binary: path, stateDir, ...ports, metricsPort, namespace, onLog: onNote });
      ports = { port: portOf(`http://${server.address}`), uiPort: portOf(server.uiUrl) };
      return server;
    },
    stop: (server) => server.stop({ graceMs: SERVER_GRACE_MS }),
    onNote,
    onPid: (pid) => claim.setChild("temporal", pid),
  });
}

async function openClient(given: GivenServer | null, address: string, namespace: string, onNote: (note: string) => void): Promise<Client> {
  const connection = await Connection.connect({ ...(given?.connection ?? { address }), connectTimeout: 5_000 }).catch((cause: unknown) => {
    throw unreachable(address, cause);
  });
  if (given) for (const problem of await prepareNamespace(connection, namespace)) onNote(problem);
  return new Client({ connection, namespace });
}

function apiService(settings: Settings, env: NodeJS.ProcessEnv, port: string | undefined) {
  const chosen = env.PORT ? {} : { PORT_FALLBACK: "1" };
  return {
    name: "API",
    entry: projectFile("api/server.ts"),
    env: { ...env, ...(port ? { PORT: port } : chosen) },
    logFile: join(settings.stateDir, "api.log"),
  };
}

/** Every address of this machine is no address that a browser can open. */
function reachable(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
