import { expect, test } from "vitest";
import { addCounts, NO_COUNTS } from "../../core/vocabulary/ingest-counts.ts";
import { bounded } from "../../workflows/bounded.ts";

test("bounded runs at most the limit at the same time and returns results in the items' order", async () => {
  let atWork = 0;
  let most = 0;
  const results = await bounded([30, 5, 20, 1, 10], 2, async (ms) => {
    most = Math.max(most, ++atWork);
    await new Promise((done) => setTimeout(done, ms));
    atWork--;
    return ms * 2;
  });
  expect(most).toBe(2);
  expect(results).toEqual([60, 10, 40, 2, 20]);
});

test("counts add up reason by reason", () => {
  const a = { ...NO_COUNTS, requests: 1, dropped: { duplicate: 2 } };
  const b = { ...NO_COUNTS, requests: 2, dropped: { duplicate: 1, "not-closed": 1 }, rejected: { future: 1 } };
  expect(addCounts(a, b)).toEqual({ ...NO_COUNTS, requests: 3, dropped: { duplicate: 3, "not-closed": 1 }, rejected: { future: 1 } });
});
