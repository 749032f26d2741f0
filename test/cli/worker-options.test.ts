import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { QUEUE_KINDS } from "../../activities/task-queues.ts";
import { parseQueues } from "../../cli/worker/worker-arguments.ts";
import { deploymentVersion } from "../../cli/worker/worker-options.ts";
import { sparingEnvironment } from "../../dev/processes/return-memory.ts";
import { parseSettings } from "../../settings/parse-settings.ts";

const WORKER = resolve(import.meta.dirname, "../../worker.ts");

describe("a worker's queues", () => {
  test("are all kinds by default", () => {
    expect(parseQueues(undefined)).toEqual(QUEUE_KINDS);
  });

  test.each([
    ["cpu", ["cpu"]],
    ["io", ["sources"]],
    ["sources, Workflow", ["workflow", "sources"]],
    ["cpu,cpu", ["cpu"]],
  ])("%j are %j", (text, kinds) => {
    expect(parseQueues(text)).toEqual(kinds);
  });

  test.each(["gpu", "", "cpu,gpu"])("%j is refused by name", (text) => {
    expect(() => parseQueues(text)).toThrow(`--queues is ${JSON.stringify(text)}, but should be a list of workflow, cpu, sources`);
  });
});

describe("a worker's version", () => {
  test("needs a build id, and belongs to deployment candlecast by default", () => {
    const versionOf = (env: Record<string, string>) => deploymentVersion(parseSettings(env));
    expect(versionOf({})).toBeNull();
    expect(versionOf({ WORKER_DEPLOYMENT_NAME: "prices" })).toBeNull();
    expect(versionOf({ WORKER_BUILD_ID: "a" })).toEqual({ deploymentName: "candlecast", buildId: "a" });
    expect(versionOf({ WORKER_BUILD_ID: "a", WORKER_DEPLOYMENT_NAME: "prices" })).toMatchObject({ deploymentName: "prices" });
  });
});

test("worker.ts --help explains the kinds and starts nothing; a wrong option ends it with a sentence", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [WORKER, ...args], { encoding: "utf8", env: { TEMPORAL_ADDRESS: "127.0.0.1:1" } });
  const help = run("--help");
  expect(help.status).toBe(0);
  for (const word of [...QUEUE_KINDS, "WORKER_BUILD_ID", "WORKER_DEPLOYMENT_NAME", "WORKER_HEALTH_ADDRESS", "TEMPORAL_PROFILE"])
    expect(help.stdout).toContain(word);
  expect(run("--queues", "gpu")).toMatchObject({ status: 1, stderr: expect.stringMatching(/^worker: --queues is "gpu"/) });
});

test("a worker that shares its machine reserves little memory, and keeps what its user set", () => {
  expect(sparingEnvironment({ A: "1", MALLOC_ARENA_MAX: "4", NODE_OPTIONS: "--max-semi-space-size=32" })).toEqual({
    A: "1",
    MALLOC_MMAP_THRESHOLD_: "262144",
    MALLOC_ARENA_MAX: "4",
    NODE_OPTIONS: "--max-semi-space-size=2 --max-semi-space-size=32",
  });
});
