import { spawn } from "node:child_process";
import { join } from "node:path";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { ended, firstLine } from "./child.ts";
import { chainOf } from "./races.ts";
import { runManifest } from "./runs.ts";

const START = Date.parse("2020-12-31T12:00:00Z");

export interface KillFigures {
  /** Steps of one publish that change the file system. */
  readonly steps: number;
  readonly killed: number;
  /** Killed publishers whose manifest was published. */
  readonly published: number;
  readonly reads: number;
  readonly violations: readonly string[];
}

/**
 * Ends a publisher by SIGKILL right before each step of its publish, one process for each, in a `file:` store, while a
 * reader reads at least as often as asked for. After each kill the same run is told again, as Temporal would.
 */
export async function killPublishers(folder: string, { reads: wanted }: { reads: number }): Promise<KillFigures> {
  const store = createFileStore(folder);
  const violations: string[] = [];
  let time = START;
  await publish(store, (previous) => runManifest("first", START, previous, null));
  time += 1_000;
  const { steps } = JSON.parse(await firstLine(publisher(folder, "second", time, 0))) as { steps: number };
  const expected = ["first", "second"];
  let published = 0;
  let reads = 0;
  let isOver = false;
  const reader = async () => {
    let at = 1;
    while (!isOver || reads < wanted) {
      const runId = await readLatest(store).then(
        (latest) => latest?.manifest.workflow.runId ?? "nothing",
        (error: Error) => error.message,
      );
      reads++;
      // The old one, or one that was being published.
      const seen = expected.indexOf(runId);
      if (seen < at) violations.push(`after ${expected[at]}, a read showed ${runId}`);
      else at = seen;
    }
  };
  const killer = async () => {
    for (let step = 1; step <= steps; step++) {
      const runId = `killed ${step}`;
      const before = (await readLatest(store))?.manifest.workflow.runId;
      expected.push(runId);
      time += 1_000;
      const child = publisher(folder, runId, time, step);
      await ended(child);
      if (child.signalCode !== "SIGKILL") violations.push(`${runId} ended with ${child.exitCode}, ${child.signalCode}`);
      const after = (await readLatest(store))?.manifest.workflow.runId;
      if (after !== before && after !== runId) violations.push(`${runId} left ${after}`);
      if (after === runId) published++;
      await publish(store, (previous) => runManifest(runId, time, previous, null));
    }
    isOver = true;
  };
  await Promise.all([reader(), killer()]);
  const chain = (await chainOf(store)).map(({ workflow }) => workflow.runId).reverse();
  if (chain.join() !== expected.join()) violations.push(`the chain is ${chain.join()}`);
  return { steps, killed: steps, published, reads, violations };
}

function publisher(folder: string, runId: string, createdAt: number, killAt: number) {
  const [preload, script] = ["kill-at-step.mjs", "publish-once.ts"].map((name) => join(import.meta.dirname, name));
  return spawn(process.execPath, ["--import", preload, script, folder, runId, String(createdAt)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, KILL_AT: String(killAt) },
  });
}
