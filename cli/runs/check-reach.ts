import { Connection } from "@temporalio/client";
import { readRunFile } from "../../dev/processes/run-file.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { givenServer } from "../../dev/temporal/given-server.ts";
import type { Settings } from "../../settings/settings.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { withoutCredentials } from "./shown-settings.ts";

export interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  /** Whether nothing works without it. */
  readonly needed: boolean;
  readonly detail: string;
}

const ANSWER_MS = 5_000;

/** What can be reached from here: Temporal, the store, the sources, the API. Reads only. */
export async function checkReach(settings: Settings, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  const running = readRunFile(settings.stateDir);
  const source = (subject: string, url: string) => finding(subject, false, () => answers(url));
  return Promise.all([
    finding("Temporal", true, () => temporalState(settings, env)),
    finding("store", true, () => storeState(settings)),
    source("binance", settings.binanceUrl),
    source("kraken", settings.krakenUrl),
    source("cryptocompare", settings.cryptocompareUrl),
    finding("API", false, async () => {
      const url = running?.apiUrl ?? `http://${settings.host}:${settings.port}`;
      return answers(`${url}/live`);
    }),
  ]);
}

async function temporalState(settings: Settings, env: NodeJS.ProcessEnv): Promise<string> {
  const given = givenServer(settings, env);
  const running = readRunFile(settings.stateDir);
  const address = given?.address ?? running?.address;
  if (!address) {
    const { path, how } = await findTemporal({ env, fetch: false }).catch(() => ({ path: null, how: "" }));
    return path ? `none runs; ${path} would be started (${how})` : "none runs, and no program is here yet: the first start fetches one";
  }
  const connection = await Connection.connect({ ...(given?.connection ?? { address }), connectTimeout: ANSWER_MS });
  try {
    const namespace = given?.namespace ?? running?.namespace ?? settings.temporalNamespace;
    await connection.workflowService.describeNamespace({ namespace });
    return `${address}, namespace ${namespace}${given ? "" : `, run by process ${running?.owner.pid}`}`;
  } finally {
    await connection.close();
  }
}

async function storeState(settings: Settings): Promise<string> {
  const store = openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
  const latest = await readLatest(store);
  return `${store.url}, ${latest ? `newest manifest ${latest.manifest.version}` : "nothing published yet"}`;
}

async function answers(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS), redirect: "manual" }).catch((cause: unknown) => {
    throw new Error(`${url} can't be reached`, { cause: cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause });
  });
  await response.body?.cancel();
  return `${withoutCredentials(url)} answers (HTTP ${response.status})`;
}

async function finding(subject: string, needed: boolean, look: () => Promise<string>): Promise<Finding> {
  try {
    return { subject, needed, ok: true, detail: await look() };
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
