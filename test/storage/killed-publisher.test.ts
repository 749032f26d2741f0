import { expect, test } from "vitest";
import { killPublishers } from "./kill-publishers.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("killed at every step of a publish, it leaves readers the old manifest or the new one, over 10,000 reads", async () => {
  const folder = await temporaryFolder();
  try {
    const { steps, published, reads, violations } = await killPublishers(folder.path, { reads: 10_000 });
    expect(violations).toEqual([]);
    expect(steps).toBeGreaterThan(10);
    expect(published).toBeGreaterThan(0);
    expect(published).toBeLessThan(steps);
    expect(reads).toBeGreaterThanOrEqual(10_000);
  } finally {
    await folder.remove();
  }
}, 120_000);
