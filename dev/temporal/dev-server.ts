import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { Connection } from "@temporalio/client";
import { SEARCH_ATTRIBUTES } from "../../workflows/contract.ts";
import { endProcess } from "../processes/end-process.ts";
import { pause } from "../processes/pause.ts";
import { freePort, isPortFree, preferPort } from "./ports.ts";
import { lengthenRetention, prepareNamespace } from "./prepare-namespace.ts";

export interface DevServerOptions {
  /** The Temporal CLI. */
  readonly binary: string;
  /** Folder of its database and its log. */
  readonly stateDir: string;
  /** null: 7233 if it is free, else any free port */
  readonly port: number | null;
  /** null: 8233 if it is free, else any free port */
  readonly uiPort: number | null;
  /** Where it serves its own `/metrics`; null: a random port */
  readonly metricsPort?: number | null;
  readonly namespace: string;
  readonly onLog?: (message: string) => void;
}

export interface DevServer {
  readonly address: string;
  readonly uiUrl: string;
  /** Settles when the Web UI answers, about a second after the frontend; rejects if it never does. */
  readonly uiReady: Promise<void>;
  readonly pid: number;
  /** Its state; the path is also part of its command line. */
  readonly databaseFile: string;
  /** Settles with a description when the server has ended, by {@link stop} or by itself. */
  readonly exited: Promise<string>;
  /** Asks it to end, and kills it after `graceMs` (default: 5 s). Its state is kept. */
  stop(options?: { readonly graceMs?: number }): Promise<void>;
}

const HOST = "127.0.0.1";
const PORT = 7233;
const UI_PORT = 8233;
const START_MS = 30_000;
const STOP_MS = 5_000;
const POLL_MS = 50;

/**
 * Starts Temporal's development server with its state in `STATE_DIR/temporal.db`, and waits until frontend and
 * namespace answer. It has a process group of its own, so that Ctrl-C doesn't end it before the worker.
 *
 * @throws {Error} if a given port is taken, or with a line of its log if the server ends
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  for (const [name, port] of [
    ["TEMPORAL_PORT", options.port],
    ["TEMPORAL_UI_PORT", options.uiPort],
    ["TEMPORAL_METRICS_PORT", options.metricsPort ?? null],
  ] as const) {
    if (port !== null && !(await isPortFree(port)))
      throw new Error(`${name} is ${port}, but another program listens on that port of ${HOST}`);
  }
  mkdirSync(options.stateDir, { recursive: true });
  const chosen = { port: options.port ?? (await preferPort(PORT)), uiPort: options.uiPort ?? (await preferPort(UI_PORT)) };
  try {
    return await start(options, chosen);
  } catch (error) {
    if (options.port !== null && options.uiPort !== null) throw error;
    options.onLog?.(`${error instanceof Error ? error.message : String(error)}; trying other ports`);
    return start(options, { port: options.port ?? (await freePort()), uiPort: options.uiPort ?? (await freePort()) });
  }
}

async function start(
  { binary, stateDir, namespace, metricsPort, onLog = () => {} }: DevServerOptions,
  { port, uiPort }: { port: number; uiPort: number },
): Promise<DevServer> {
  const databaseFile = resolve(stateDir, "temporal.db");
  const logFile = join(stateDir, "temporal.log");
  if (existsSync(logFile)) renameSync(logFile, join(stateDir, "temporal.previous.log"));
  const log = openSync(logFile, "w");
  const child = spawn(binary, serverArguments({ port, uiPort, metricsPort, namespace, databaseFile }), {
    detached: true,
    stdio: ["ignore", log, log],
    env: { ...process.env, TEMPORAL_VERSION_CHECK_DISABLED: "1" },
  });
  closeSync(log);
  const exited = new Promise<string>((done) => {
    child.once("exit", (code, signal) => done(`ended with ${signal ?? `code ${code}`}; its log is ${logFile}`));
    child.once("error", (error) => done(`can't be run: ${error.message}`));
  });
  const endWithUs = () => child.kill("SIGTERM");
  process.once("exit", endWithUs);
  const stop = async ({ graceMs = STOP_MS }: { readonly graceMs?: number } = {}) => {
    if (child.pid !== undefined) await endProcess(child.pid, { graceMs, gone: exited });
    process.removeListener("exit", endWithUs);
  };
  const address = `${HOST}:${port}`;
  const uiUrl = `http://${HOST}:${uiPort}`;
  const deadline = Date.now() + START_MS;
  const until = async (what: string, holds: () => Promise<boolean> | boolean) => {
    while (!(await holds())) {
      if (hasEnded(child)) throw new Error(`the Temporal server on port ${port} ended before it was ready: ${errorIn(logFile)}`);
      if (Date.now() > deadline)
        throw new Error(`the Temporal server on port ${port} did not ${what} within ${START_MS / 1000} s; its log is ${logFile}`);
      await pause(POLL_MS);
    }
  };
  try {
    // Its own log shows that it is this server that answers, and not another one on the same port.
    await until("start", () => /Temporal Server:/.test(readFileSync(logFile, "utf8")));
    await until("create its namespace", () => prepared(address, namespace, onLog));
  } catch (error) {
    await stop();
    throw error;
  }
  const uiReady = until("answer at its Web UI", () => uiAnswers(uiUrl, namespace));
  uiReady.catch(() => {});
  return { address, uiUrl, uiReady, pid: child.pid as number, databaseFile, exited, stop };
}

/** The server's command line; the database file in it shows which STATE_DIR a server process belongs to. */
export function serverArguments({
  port,
  uiPort,
  metricsPort = null,
  namespace,
  databaseFile,
}: {
  port: number;
  uiPort: number;
  metricsPort?: number | null;
  namespace: string;
  databaseFile: string;
}): string[] {
  return [
    "server",
    "start-dev",
    "--ip",
    HOST,
    "--port",
    String(port),
    "--ui-port",
    String(uiPort),
    ...(metricsPort === null ? [] : ["--metrics-port", String(metricsPort)]),
    "--namespace",
    namespace,
    "--db-filename",
    databaseFile,
    "--sqlite-pragma",
    "journal_mode=wal",
    "--sqlite-pragma",
    "synchronous=normal",
    "--log-level",
    "warn",
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => ["--search-attribute", `${name}=${type}`]),
  ];
}

async function prepared(address: string, namespace: string, onLog: (message: string) => void): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: 2_000 });
    await connection.workflowService.describeNamespace({ namespace });
    for (const problem of (await prepareNamespace(connection, namespace)).unchecked) onLog(problem);
    await lengthenRetention(connection, namespace);
    return true;
  } catch {
    return false;
  } finally {
    await connection?.close();
  }
}

/** The page is served at once, but its API answers 503 for about a second. */
async function uiAnswers(uiUrl: string, namespace: string): Promise<boolean> {
  try {
    const response = await fetch(`${uiUrl}/api/v1/namespaces/${encodeURIComponent(namespace)}`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.status !== 503;
  } catch {
    return false;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

function errorIn(logFile: string): string {
  const lines = readFileSync(logFile, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const found = lines.find((line) => /error|panic|in use/i.test(line)) ?? lines.at(-1);
  return found?.slice(0, 300) ?? `its log ${logFile} is empty`;
}
