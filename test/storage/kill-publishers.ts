import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { forecastKeeper } from "../../activities/publish/publish-forecasts.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { createS3Store } from "../../storage/object-store/s3-store.ts";
import { readForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import type { S3Server } from "../versitygw.ts";
import { ended, firstLine } from "./child.ts";
import { type ProxyFault, startFaultyProxy } from "./faulty-proxy.ts";
import { chainOf } from "./races.ts";
import { runManifest } from "./runs.ts";

const START = Date.parse("2020-12-31T12:00:00Z");

export interface KillFigures {
  readonly killed: number;
  /** Killed publishers whose manifest was published. */
  readonly published: number;
  readonly reads: number;
  readonly violations: readonly string[];
}

/** Starts a publisher that will be killed. */
type StartDoomed = (runId: string, createdAt: number) => ChildProcess;

/**
 * Ends a publisher by SIGKILL right before each step of its publish that changes the file system, one process for each, while
 * a reader reads manifests with their forecasts at least as often as asked for.
 */
export async function killPublishersOnFile(folder: string, { reads }: { reads: number }): Promise<KillFigures> {
  const store = createFileStore(folder);
  const url = `file:${folder}`;
  await publishAs(store, "first", START);
  const { steps } = JSON.parse(await firstLine(publisher(url, "second", START + 1_000))) as { steps: number };
  const doomed = Array.from(
    { length: steps },
    (_, i): StartDoomed =>
      (runId, createdAt) =>
        publisher(url, runId, createdAt, { KILL_AT: String(i + 1) }),
  );
  return killEach(store, doomed, ["first", "second"], reads);
}

/**
 * Ends a publisher by SIGKILL at each of its requests to an S3 server, once before the request reaches the server and once when the
 * server has done its work, while a reader reads at least as often as asked for.
 *
 * @param only the requests of this method
 */
export async function killPublishersOnS3(
  server: S3Server,
  { prefix, reads, only }: { prefix: string; reads: number; only?: string },
): Promise<KillFigures> {
  const store = createS3Store({ bucket: server.bucket, prefix, endpoint: server.endpoint });
  const proxy = await startFaultyProxy(server.endpoint);
  const env = { S3_ENDPOINT: proxy.endpoint, AWS_ACCESS_KEY_ID: server.accessKey, AWS_SECRET_ACCESS_KEY: server.secretKey };
  const url = `s3://${server.bucket}/${prefix}`;
  try {
    await publishAs(store, "first", START);
    proxy.seen.length = 0;
    await ended(publisher(url, "second", START + 1_000, env));
    const requests = proxy.seen.filter((line) => only === undefined || line.startsWith(only)).length;
    const at = (n: number, kind: ProxyFault["kind"]): StartDoomed => {
      return (runId, createdAt) => {
        let seen = 0;
        proxy.decide((method) => {
          if (only !== undefined && method !== only) return undefined;
          if (++seen !== n) return undefined;
          child.kill("SIGKILL");
          return { kind } as ProxyFault;
        });
        const child = publisher(url, runId, createdAt, env);
        return child;
      };
    };
    const doomed = Array.from({ length: requests }, (_, i) => [at(i + 1, "cut"), at(i + 1, "lost-answer")]).flat();
    return await killEach(store, doomed, ["first", "second"], reads);
  } finally {
    await proxy.stop();
  }
}

/** After each kill the same run publishes again, as Temporal would make it. */
async function killEach(
  store: ObjectStore,
  doomed: readonly StartDoomed[],
  former: readonly string[],
  wanted: number,
): Promise<KillFigures> {
  const violations: string[] = [];
  const expected = [...former];
  let published = 0;
  let reads = 0;
  let isOver = false;
  const newest = async () => {
    const manifest = (await readLatest(store))?.manifest;
    if (!manifest) return "nothing";
    if (!manifest.forecasts) return `${manifest.version} without forecasts`;
    const rows = await readForecasts(store, manifest.forecasts);
    const isOwn = rows.length > 0 && rows.every((row) => row.manifest === manifest.version && row.runId === manifest.workflow.runId);
    return isOwn ? manifest.workflow.runId : `${manifest.version} with forecasts of another`;
  };
  const reader = async () => {
    let at = expected.length - 1;
    while (!isOver || reads < wanted) {
      const runId = await newest().catch((error: Error) => error.message);
      reads++;
      // The old one, or one that was being published.
      const seen = expected.indexOf(runId);
      if (seen < at) violations.push(`after ${expected[at]}, a read showed ${runId}`);
      else at = seen;
    }
  };
  const killer = async () => {
    for (const [i, start] of doomed.entries()) {
      const runId = `killed ${i + 1}`;
      const createdAt = START + (i + 2) * 1_000;
      const before = await newest();
      expected.push(runId);
      const child = start(runId, createdAt);
      await ended(child);
      if (child.signalCode !== "SIGKILL") violations.push(`${runId} ended with ${child.exitCode}, ${child.signalCode}`);
      const after = await newest();
      if (after !== before && after !== runId) violations.push(`${runId} left ${after}`);
      if (after === runId) published++;
      await publishAs(store, runId, createdAt);
    }
    isOver = true;
  };
  await Promise.all([reader(), killer()]);
  const chain = (await chainOf(store)).map(({ workflow }) => workflow.runId).reverse();
  if (chain.join() !== expected.join()) violations.push(`the chain is ${chain.join()}`);
  return { killed: doomed.length, published, reads, violations };
}

async function publishAs(store: ObjectStore, runId: string, createdAt: number): Promise<void> {
  const { complete } = forecastKeeper(store);
  await publish(store, (previous) => runManifest(runId, createdAt, previous, null), { complete });
}

function publisher(url: string, runId: string, createdAt: number, env: Record<string, string> = {}): ChildProcess {
  const [preload, script] = ["kill-at-step.mjs", "publish-once.ts"].map((name) => join(import.meta.dirname, name));
  return spawn(process.execPath, ["--import", preload, script, url, runId, String(createdAt)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
}
