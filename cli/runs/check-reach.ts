import { Client } from "@temporalio/client";
import { readRunFile } from "../../dev/processes/run-file.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { openClient } from "../../dev/temporal/open-client.ts";
import type { Settings } from "../../settings/settings.ts";
import { configuredServer, plainServer } from "../../settings/temporal-server.ts";
import { findApi, MIN_API_URL } from "../../sources/cryptocompare/cryptocompare.ts";
import { formerFiles } from "../../storage/candle-files/migrate-candles.ts";
import { openPlainStore, openReader, openStore } from "../../storage/object-store/open-store.ts";
import { assertConditionalPuts } from "../../storage/registry/probe-store.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import type { Readiness } from "../../telemetry/health-server.ts";
import { withoutCredentials } from "./shown-settings.ts";
import { missingWorkers } from "./task-queue.ts";

export interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  /** Whether nothing works without it. */
  readonly needed: boolean;
  readonly detail: string;
}

const ANSWER_MS = 5_000;

/**
 * What can be reached from here: Temporal, the store, the sources, the API, the worker if its health address is set.
 *
 * @param write whether the store is asked to take an object, by a probe that is deleted again
 */
export async function checkReach(settings: Settings, env: NodeJS.ProcessEnv, { write }: { write: boolean }): Promise<Finding[]> {
  const running = readRunFile(settings.stateDir);
  const { workerHealthAddress } = settings;
  const source = (subject: string, url: string) => finding(subject, false, () => answers(url));
  return Promise.all([
    finding("Temporal", true, () => temporalState(settings, env)),
    finding("store", true, () => storeState(settings, write)),
    source("binance", settings.binanceUrl),
    source("kraken", settings.krakenUrl),
    finding("cryptocompare", false, () => cryptoCompareState(settings)),
    finding("API", false, async () => {
      const url = running?.apiUrl ?? `http://${settings.host}:${settings.port}`;
      return answers(`${url}/live`);
    }),
    ...(workerHealthAddress ? [finding("worker", false, () => workerState(workerHealthAddress))] : []),
  ]);
}

async function temporalState(settings: Settings, env: NodeJS.ProcessEnv): Promise<string> {
  const configured = configuredServer(settings, env);
  const running = readRunFile(settings.stateDir);
  const server = configured ?? (running?.address ? plainServer(running.namespace ?? settings.temporalNamespace, running.address) : null);
  if (!server) {
    const found = await findTemporal({ env, fetch: false }).catch(() => null);
    return found
      ? `none is running; a command that needs one starts ${found.path} (${found.how})`
      : "none is running, and no Temporal CLI is installed; the first command that needs one downloads it";
  }
  const { connection } = await openClient(server);
  try {
    const { address, namespace } = server;
    await connection.workflowService.describeNamespace({ namespace });
    const missing = await missingWorkers({ client: new Client({ connection, namespace }), namespace }, settings);
    if (missing) throw new Error(`${address} answers, but ${missing}`);
    return `${address}, namespace ${namespace}${configured ? "" : `, started by process ${running?.owner.pid}`}`;
  } finally {
    await connection.close();
  }
}

async function storeState({ storeUrl, s3Endpoint }: Settings, write: boolean): Promise<string> {
  const reader = openReader(storeUrl, { s3Endpoint });
  const latest = await readLatest(reader);
  const published = latest ? `newest manifest ${latest.manifest.version}` : "nothing published yet";
  const former = await formerFiles(openPlainStore(storeUrl, { s3Endpoint })).next();
  const state = former.done ? published : `${published}; some candles lie under former keys, candlecast migrate moves them`;
  if (!write) return `${reader.url}, ${state}; can be read, writing was not tried`;
  await assertConditionalPuts(openStore(storeUrl, { s3Endpoint })).catch((error: Error) => {
    throw new Error(`can be read (${state}), but nothing can be published there: ${error.message}`, { cause: error });
  });
  return `${reader.url}, ${state}; takes conditional puts`;
}

async function cryptoCompareState({ cryptocompareUrl: baseUrl, cryptocompareApiKey: key }: Settings): Promise<string> {
  if (key === null) return `${await answers(baseUrl ?? MIN_API_URL)}; without CRYPTOCOMPARE_API_KEY it serves no candles`;
  return findApi({ baseUrl, apiKey: key.reveal() }, AbortSignal.timeout(ANSWER_MS));
}

/** @throws {Error} with the sentences of the checks that fail, if the worker isn't ready */
async function workerState(address: string): Promise<string> {
  const url = `http://${address.replace(/^0\.0\.0\.0:/, "127.0.0.1:").replace(/^\[::\]:/, "[::1]:")}/ready`;
  const { ready, checks } = (await (await request(url)).json()) as Readiness;
  if (ready) return `ready at ${address}: ${checks.map(({ name, detail }) => `${name} ${detail}`).join(", ")}`;
  const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  throw new Error(`not ready at ${address}: ${failed.join("; ")}`);
}

async function answers(url: string): Promise<string> {
  const response = await request(url);
  await response.body?.cancel();
  return `${withoutCredentials(url)} answers (HTTP ${response.status})`;
}

async function request(url: string): Promise<Response> {
  return fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), redirect: "manual" }).catch((cause: unknown) => {
    throw new Error(`${url} can't be reached`, { cause: cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause });
  });
}

async function finding(subject: string, needed: boolean, check: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, needed, ok: true, detail: await check() };
  } catch (error) {
    return { subject, needed, ok: false, detail: withoutCredentials(reason(error)) };
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message && !error.message.includes(cause.message)
    ? `${error.message}: ${cause.message}`
    : error.message;
}
