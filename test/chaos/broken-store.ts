import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmdirSync, statfsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause } from "../../dev/processes/pause.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import type { PipelineResult } from "../../workflows/contract.ts";
import { type ProxyFault, startFaultyProxy } from "../storage/faulty-proxy.ts";
import { count, type Row } from "./row.ts";
import { addUp, calmPicture, dayInput, judgeSeries, runDay } from "./series.ts";
import type { Universe, World } from "./world.ts";

/** Ways in which requests to S3 fail; `slow` is slower than anybody waits, `lost` an answer that is cut off when the work is done. */
const S3_FAULTS = {
  "403": { kind: "answer", status: 403, code: "AccessDenied" },
  "500": { kind: "answer", status: 500, code: "InternalError" },
  slow: { kind: "silent" },
  cut: { kind: "cut" },
  lost: { kind: "lost-answer" },
} as const satisfies Record<string, ProxyFault>;
export type S3Fault = keyof typeof S3_FAULTS;

/** What a typed error has to tell an engineer, by the fault. */
const ADVICE: Readonly<Record<S3Fault | "full", RegExp>> = {
  "403": /^Unauthorized: .*refused.*check the AWS variables/,
  "500": /^StoreUnavailable: .*HTTP 500.*check the server/,
  slow: /^StoreUnavailable: .*(Timeout|ETIMEDOUT).*check the server/,
  cut: /^StoreUnavailable: .*(ECONNRESET|socket hang up|EPIPE).*check the server/,
  lost: /^StoreUnavailable: .*(ECONNRESET|socket hang up|EPIPE).*check the server/,
  full: /^StoreUnavailable: .*the disk is full: free some space/,
};

/** What breaks is the store: one coin does. */
const ONE = { symbols: ["HET"] };

interface Breakage {
  readonly kind: S3Fault | "full";
  begin(): void | Promise<void>;
  end(): void | Promise<void>;
}

/**
 * Breaks an S3 store that has a manifest, once in each way, during a run of the next day: until its first typed error (or for a
 * 403 until the run has failed, for nobody tries that again). Meanwhile the API serves the manifest from before.
 */
export async function breakS3(world: World, { faults }: { faults: readonly S3Fault[] }): Promise<Row> {
  const proxy = await startFaultyProxy(world.s3.endpoint);
  const universe = world.universe("broken-s3", { s3Endpoint: proxy.endpoint });
  const injected: Record<string, number> = {};
  const breakages = faults.map((kind): Breakage => {
    const begin = () =>
      proxy.decide(() => {
        count(injected, kind);
        return S3_FAULTS[kind];
      });
    return { kind, begin, end: () => proxy.decide(() => undefined) };
  });
  try {
    const { survived, problems } = await breakEach(world, universe, breakages);
    return { name: "S3 refuses, fails, is slow, cuts", injected, survived, problems };
  } finally {
    await proxy.stop();
  }
}

/** Whether this user may mount a small disk. */
export const canMount: boolean = process.platform === "linux" && process.getuid?.() === 0 && mayMount();

function mayMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "candlecast-mount-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], { stdio: "ignore" });
    execFileSync("umount", [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(folder);
  }
}

/** The same with a `file:` store on a disk of its own, a small tmpfs, that is full during the run. Needs leave to mount. */
export async function fillDisk(world: World): Promise<Row> {
  const disk = join(world.folder, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", disk]);
  try {
    const universe = world.universe("full-disk", { store: { folder: join(disk, "store") } });
    const ballast = join(disk, "ballast");
    const begin = async () => {
      const { bavail, bsize } = statfsSync(disk);
      await writeFile(ballast, new Uint8Array(bavail * bsize));
    };
    const { survived, problems } = await breakEach(world, universe, [{ kind: "full", begin, end: () => rm(ballast) }]);
    return { name: "the disk of a file: store is full (tmpfs)", injected: { "full disk": 1 }, survived, problems };
  } finally {
    execFileSync("umount", [disk]);
  }
}

async function breakEach(world: World, universe: Universe, breakages: readonly Breakage[]) {
  const problems: string[] = [];
  const served: Record<string, number> = {};
  const worker = universe.startWorker();
  await worker.ready;
  const results: PipelineResult[] = [await runDay(universe, 0, ONE)];
  const api = await universe.startApi();
  for (const [i, { kind, begin, end }] of breakages.entries()) {
    const good = (await readLatest(universe.store))?.manifest.version;
    await until(async () => (await servedFrom(api.url)).includes(String(good)));
    await begin();
    const run = runDay(universe, i + 1, ONE);
    const ended = run.then(
      () => "the run ended well",
      (error: Error & { type?: string }) => `${error.type}: ${error.message}`,
    );
    const error = kind === "403" ? await ended : await Promise.race([firstFailure(world, `${universe.name}-day-${i + 1}`), ended]);
    if (!ADVICE[kind].test(error)) problems.push(`${kind}: not an error that says what to do: ${error}`);
    else count(served, "typed errors with advice");
    const answer = await servedFrom(api.url);
    if (answer === `200 ${good}`) count(served, "answers of the API meanwhile");
    else problems.push(`${kind}: the API answered ${answer}, not from ${good}`);
    const still = (await readLatest(universe.store))?.manifest.version;
    if (still === good) count(served, "manifests that stayed");
    else problems.push(`${kind}: the manifest moved from ${good} to ${still}`);
    await end();
    // A run that failed is run again by an engineer; the others go on by themselves.
    results.push(await (kind === "403" ? universe.run(`day-${i + 1}-again`, dayInput(i + 1, ONE)) : run));
  }
  await api.process.kill("SIGTERM");
  const series = { days: results.length, ...ONE };
  await calmPicture(world, series);
  const judged = await judgeSeries(world, universe, series, results);
  await worker.kill("SIGTERM");
  return addUp([judged, { survived: served, problems }]);
}

/** Status and manifest of a prediction. */
async function servedFrom(url: string): Promise<string> {
  const answer = await fetch(`${url}/symbol/HET`);
  const { lineage } = (await answer.json()) as { lineage?: { manifest?: string } };
  return `${answer.status} ${lineage?.manifest}`;
}

async function until(check: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end && !(await check()); ) await pause(100);
}

/** The first failure of a step of a run or of its children, as `TYPE: MESSAGE`. */
async function firstFailure(world: World, workflowId: string): Promise<string> {
  for (const end = Date.now() + 240_000; Date.now() < end; await pause(100)) {
    for (const id of [workflowId, `${workflowId}/batch-1`]) {
      const described = await world.client.workflow
        .getHandle(id)
        .describe()
        .catch(() => null);
      for (const { lastFailure } of described?.raw.pendingActivities ?? []) {
        const type = lastFailure?.applicationFailureInfo?.type;
        if (lastFailure) return `${type}: ${lastFailure.message}`;
      }
    }
  }
  return "no step has failed";
}
