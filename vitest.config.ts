import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take longest, from the longest on. They start first, so that no core waits for the last of them. */
const LONGEST = [
  "api/openapi",
  "chaos/chaos",
  "pipeline/faults",
  "infra/infra",
  "api/pages-browser",
  "infra/cloud",
  "pipeline/batches",
  "pipeline/reproduce",
  "pipeline/pipeline",
  "pipeline/missing-worker",
  "pipeline/backfill",
  "pipeline/killed-worker",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Other tests keep the cores busy meanwhile.
    expect: { poll: { timeout: 15_000 } },
    pool: "forks",
    sequence: { sequencer: LongestFirst },
    // Tests that run real servers wait for most of their time.
    maxWorkers: 2 * availableParallelism(),
  },
});
