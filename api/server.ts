import "./small-start.ts";

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as startTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { runPage } from "../core/vocabulary/run-page.ts";
import { parseSettings } from "../settings/parse-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { openReader } from "../storage/object-store/open-store.ts";
import { createApiMetrics } from "../telemetry/api-metrics.ts";
import { startTracing, type Tracing } from "../telemetry/tracing.ts";
import { createApp } from "./app.ts";
import { createCheckerBundle } from "./checker-bundle.ts";
import { type ConnectionLimits, guardConnections, serverOptions } from "./http/guard-connections.ts";
import type { RunDesk } from "./run-desk.ts";
import { createHistoryReader } from "./served/coin-history.ts";
import { createLiveRegistry } from "./served/live-registry.ts";
import { createSkillBoard } from "./served/skill-board.ts";
import { endSmallStart } from "./small-start.ts";

const POLL_MS = 3_000;
/** The API starts listening after this time even if the first poll of the store hasn't ended; it answers 503 until then. */
const FIRST_POLL_MS = 5_000;
const CLOSE_MS = 4_000;

export interface RunningApi {
  readonly url: string;
  /** Says that it is not ready, waits as long as the settings tell, then up to 4 s for running requests to end. */
  close(): Promise<void>;
}

export interface ApiOptions {
  readonly settings: Settings;
  /** Where a Temporal profile is found; default: the process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** The wall clock, ms since the epoch. */
  readonly now?: () => number;
}

/**
 * Serves the newest manifest of the store.
 *
 * @throws {Error} naming the port, if it is taken and the settings allow no other
 */
export async function startApi({ settings, env = process.env, now = Date.now }: ApiOptions): Promise<RunningApi> {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  let draining = false;
  const registry = createLiveRegistry(openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint }), {
    pollMs: POLL_MS,
    onFault: ({ kind, forOperator }) => process.stderr.write(`api: ${kind}: ${forOperator}\n`),
  });
  const report = (error: Error) => process.stderr.write(`api: ${error.stack ?? error.message}\n`);
  const board = createSkillBoard(registry, createHistoryReader(registry.reader), { onError: report });
  await Promise.race([registry.reload(), setTimeout(FIRST_POLL_MS, undefined, { ref: false })]);
  const tracing = await startTracing(settings.traces, { service: "candlecast-api" });
  const runs = await openRunDesk(settings, env, tracing);
  const app = createApp({
    registry,
    metrics: createApiMetrics({ manifest: () => registry.current()?.manifest ?? null, faults: registry.faults, liveSkill: board.current }),
    tracing,
    now,
    codeVersion: version,
    runUrl: ({ id, runId }) => runPage(settings.temporalUiUrl, { namespace: settings.temporalNamespace, workflowId: id, runId }),
    onError: report,
    checker: createCheckerBundle(settings.checkerBundle, report),
    limits: {
      cacheSeconds: settings.cacheSeconds,
      unreadySeconds: settings.unreadySeconds,
      requestsPerMinute: settings.requestsPerMinute,
      bodyBytes: settings.bodyBytes,
      urlLength: settings.urlLength,
      eventStreams: settings.eventStreams,
    },
    token: settings.apiToken?.reveal() ?? null,
    runs,
    basePath: settings.basePath ?? "",
    isDraining: () => draining,
  });
  const limits: ConnectionLimits = {
    connections: settings.connections,
    requestsPerConnection: settings.requestsPerConnection,
    unreadAnswers: settings.unreadAnswers,
    headBytes: settings.headBytes,
    headSeconds: settings.headSeconds,
    requestSeconds: settings.requestSeconds,
    answerSeconds: settings.answerSeconds,
    keepAliveSeconds: settings.keepAliveSeconds,
  };
  const server = createServer(serverOptions(limits));
  const endGuard = guardConnections(server, limits, getRequestListener(app.fetch));
  const listen = (port: number) =>
    new Promise<number>((done, fail) => {
      server.once("error", fail);
      server.listen(port, settings.host, () => {
        server.off("error", fail);
        done((server.address() as AddressInfo).port);
      });
    });
  const port = await listen(settings.port).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "EADDRINUSE" && settings.portFallback) return listen(0);
    registry.close();
    board.close();
    endGuard();
    if (error.code !== "EADDRINUSE") throw error;
    throw new Error(`PORT ${settings.port} on ${settings.host} is taken by another program; set PORT to a free one`, { cause: error });
  });
  return {
    url: `http://${settings.host.includes(":") ? `[${settings.host}]` : settings.host}:${port}`,
    async close() {
      draining = true;
      await setTimeout(settings.drainSeconds * 1000);
      registry.close();
      board.close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      const timer = startTimer(() => server.closeAllConnections(), CLOSE_MS);
      server.closeIdleConnections();
      await closed;
      clearTimeout(timer);
      endGuard();
      await runs?.close();
      await tracing?.shutdown();
    },
  };
}

/** null without a token or a Temporal server. Temporal's client is loaded only where both are set. */
async function openRunDesk(settings: Settings, env: NodeJS.ProcessEnv, tracing: Tracing | null): Promise<RunDesk | null> {
  if (settings.apiToken === null) return null;
  const onFault = (sentence: string) => process.stderr.write(`api: runs: ${sentence}\n`);
  try {
    const { configuredServer } = await import("../settings/temporal-server.ts");
    const server = configuredServer(settings, env);
    if (server === null) return null;
    const { createRunDesk } = await import("../cli/runs/run-desk.ts");
    return createRunDesk({ settings, server, tracing, onFault });
  } catch (error) {
    onFault(`not enabled: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

async function main(): Promise<void> {
  const api = await startApi({ settings: parseSettings(process.env) });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    // A poll of the store that hangs must not keep the process alive.
    void api.close().then(() => startTimer(() => process.exit(), 500).unref());
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdout.write(`${JSON.stringify({ ready: true, url: api.url })}\n`);
  endSmallStart();
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`api: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
