import type { RunSummary } from "../../cli/runs/run-summary.ts";
import { projectFile } from "../../dev/project-file.ts";
import { type DevServer, startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import { type S3Server, startVersitygw } from "../../test/versitygw.ts";
import { endedChildrenCpuMs, type SeenProcess, watchTree } from "../process-tree.ts";
import { StartedProgram } from "../started-program.ts";
import { userEnvironment } from "../user-environment.ts";
import { type Histories, readHistories } from "./executions.ts";
import { type S3Counts, type S3Proxy, startS3Proxy } from "./s3-proxy.ts";
import { type ServerActions, watchServerActions } from "./server-actions.ts";

export interface PlaceOptions {
  /** where state and store lie; empty */
  readonly folder: string;
  readonly marketUrl: string;
  readonly scope: "pooled" | "coin";
  readonly interval: "1d" | "1h";
  /** worker processes beside the command, already polling; null: the command starts server and worker itself */
  readonly workers: number | null;
  /** Whether the store is an S3 server whose requests are counted. */
  readonly s3: boolean;
}

export interface RunFigures {
  /** of the command, from its start to its end, s */
  readonly wallS: number;
  /** CPU time, s */
  readonly cpu: { readonly workers: number; readonly server: number; readonly command: number };
  /** of the worker process that held the most, MB */
  readonly workerPeakMb: number;
  /** null where the command has no result */
  readonly summary: Pick<RunSummary, "seconds" | "symbols" | "manifest" | "summary"> | null;
  /** what the command said last, where it has no result */
  readonly failure: string | null;
  readonly histories: Histories;
  /** at most 1.5 s before the end; null where the server told nothing */
  readonly serverActions: ServerActions | null;
  readonly s3: S3Counts | null;
}

/** A machine's candlecast: state, store, Temporal and workers. Runs in it find what earlier ones stored. */
export interface Place {
  run(input: { readonly symbols: readonly string[]; readonly asOf: string }): Promise<RunFigures>;
  close(): Promise<void>;
}

const NAMESPACE = "default";
const READY_MS = 60_000;
/** How often processes are looked at: seldom, because looking costs CPU time, too. */
const LOOK_MS = 400;

export async function openPlace({ folder, marketUrl, scope, interval, workers, s3 }: PlaceOptions): Promise<Place> {
  const store = s3 ? await openS3() : null;
  const env = {
    ...userEnvironment(),
    STATE_DIR: folder,
    BINANCE_URL: marketUrl,
    CANDLE_SOURCE: "binance",
    MODEL_SCOPE: scope,
    INTERVAL: interval,
    LOG_LEVEL: "ERROR",
    ...store?.env,
  };
  const fleet = workers === null ? null : await startFleet(folder, env, workers);
  return {
    async run({ symbols, asOf }) {
      const since = new Date();
      store?.proxy.take();
      const ran = fleet ? await fleet.run(symbols, asOf) : await runAlone(env, symbols, asOf);
      const { program, ...figures } = ran;
      const summary = parseSummary(program.output);
      return {
        ...figures,
        wallS: (program.endedMs ?? Number.NaN) / 1000,
        summary,
        failure: summary ? null : program.lastLines(),
        s3: store?.proxy.take() ?? null,
        histories: await (fleet ? fleet.histories(since) : historiesOf(folder, since)),
      };
    },
    async close() {
      await fleet?.close();
      await store?.close();
    },
  };
}

type Ran = Pick<RunFigures, "cpu" | "workerPeakMb" | "serverActions"> & { readonly program: StartedProgram };

function pipeline(env: NodeJS.ProcessEnv, symbols: readonly string[], asOf: string): StartedProgram {
  const args = [projectFile("cli/bin.mjs"), "pipeline", "--symbols", symbols.join(","), "--as-of", asOf, "--json"];
  return new StartedProgram(process.execPath, args, { cwd: projectFile("."), env, everyMs: LOOK_MS });
}

/** The command with a server and a worker of its own. */
async function runAlone(env: NodeJS.ProcessEnv, symbols: readonly string[], asOf: string): Promise<Ran> {
  const port = await freePort();
  const ports = {
    TEMPORAL_PORT: String(await freePort()),
    TEMPORAL_UI_PORT: String(await freePort()),
    TEMPORAL_METRICS_PORT: String(port),
  };
  const before = endedChildrenCpuMs();
  const actions = watchServerActions(port, { namespace: NAMESPACE });
  const program = pipeline({ ...env, ...ports }, symbols, asOf);
  await program.ended();
  actions.stop();
  const workers = program.processes.filter(isWorker);
  const server = program.processes.filter(({ command }) => /\bstart-dev\b/.test(command));
  const of = (processes: readonly SeenProcess[]) => processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000;
  const all = (endedChildrenCpuMs() - before) / 1000;
  return {
    program,
    cpu: { workers: of(workers), server: of(server), command: Math.max(0, all - of(workers) - of(server)) },
    workerPeakMb: Math.max(...workers.map(({ peakMb }) => peakMb)),
    serverActions: actions.last,
  };
}

/** The server of a command is gone with it; its state tells the histories to another one. */
async function historiesOf(folder: string, since: Date): Promise<Histories> {
  const server = await startServer(folder, null);
  try {
    return await readHistories(server.address, { namespace: NAMESPACE, since });
  } finally {
    await server.stop();
  }
}

async function startServer(folder: string, metricsPort: number | null): Promise<DevServer> {
  const { path } = await findTemporal();
  return startDevServer({
    binary: path,
    stateDir: folder,
    port: await freePort(),
    uiPort: await freePort(),
    metricsPort,
    namespace: NAMESPACE,
  });
}

interface Fleet {
  run(symbols: readonly string[], asOf: string): Promise<Ran>;
  histories(since: Date): Promise<Histories>;
  close(): Promise<void>;
}

/** A server and worker processes, which all poll before the first run begins. */
async function startFleet(folder: string, given: NodeJS.ProcessEnv, count: number): Promise<Fleet> {
  const metricsPort = await freePort();
  const server = await startServer(folder, metricsPort);
  const env = { ...given, TEMPORAL_ADDRESS: server.address };
  const serverWatch = watchTree(server.pid, { everyMs: LOOK_MS });
  const workers = Array.from(
    { length: count },
    () => new StartedProgram(process.execPath, [projectFile("worker.ts")], { cwd: projectFile("."), env, everyMs: LOOK_MS }),
  );
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.end()));
    serverWatch.stop();
    await server.stop();
  };
  try {
    await Promise.all(workers.map((worker) => worker.line("ready line", (text) => text.includes('"ready":true'), READY_MS)));
  } catch (error) {
    await close();
    throw error;
  }
  const processes = () => workers.flatMap((worker) => worker.processes).filter(isWorker);
  const cpuOf = (seen: readonly SeenProcess[]) => seen.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000;
  const actions = watchServerActions(metricsPort, { namespace: NAMESPACE });
  return {
    async run(symbols, asOf) {
      const before = { workers: cpuOf(processes()), server: cpuOf(serverWatch.seen()), ended: endedChildrenCpuMs(), actions: actions.last };
      const program = pipeline(env, symbols, asOf);
      await program.ended();
      const command = (endedChildrenCpuMs() - before.ended) / 1000;
      return {
        program,
        cpu: { workers: cpuOf(processes()) - before.workers, server: cpuOf(serverWatch.seen()) - before.server, command },
        workerPeakMb: Math.max(...processes().map(({ peakMb }) => peakMb)),
        serverActions: difference(actions.last, before.actions),
      };
    },
    histories: (since) => readHistories(server.address, { namespace: NAMESPACE, since }),
    async close() {
      actions.stop();
      await close();
    },
  };
}

function difference(now: ServerActions | null, before: ServerActions | null): ServerActions | null {
  if (now === null) return null;
  return { heartbeats: now.heartbeats - (before?.heartbeats ?? 0), queries: now.queries - (before?.queries ?? 0) };
}

/** Its children, which bundle workflows, are among its ended ones. */
function isWorker({ command }: SeenProcess): boolean {
  return /\bworker\.ts$/.test(command);
}

/** A command that fails writes its reason instead, as JSON, too. */
function parseSummary(output: string): RunFigures["summary"] {
  try {
    const answer = JSON.parse(output) as Partial<RunSummary>;
    return answer.symbols && answer.seconds ? (answer as RunSummary) : null;
  } catch {
    return null;
  }
}

async function openS3(): Promise<{ env: Record<string, string>; proxy: S3Proxy; close(): Promise<void> }> {
  const server: S3Server = await startVersitygw();
  const proxy = await startS3Proxy(server.endpoint);
  return {
    proxy,
    env: {
      STORE_URL: `s3://${server.bucket}/bench`,
      S3_ENDPOINT: proxy.url,
      AWS_ACCESS_KEY_ID: server.accessKey,
      AWS_SECRET_ACCESS_KEY: server.secretKey,
      AWS_REGION: "us-east-1",
    },
    async close() {
      await proxy.stop();
      await server.stop();
    },
  };
}
