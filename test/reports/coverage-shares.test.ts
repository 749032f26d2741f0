import { expect, test } from "vitest";
import { coverageShares } from "../../core/reports/coverage-shares.ts";

test("each stretch has its covered share, and how far chance alone takes it from the nominal one", () => {
  const stretch = { from: "2020-01-01T00:00:00.000Z", to: "2020-02-01T00:00:00.000Z" };
  const folds = [
    { fold: 0, ...stretch, n: 0, covered: 0 },
    { fold: 1, ...stretch, n: 100, covered: 87 },
  ];
  const [none, found] = coverageShares({ nominal: 0.9, folds });
  expect(none).toEqual({ ...stretch, n: 0, covered: 0, share: null, spread: 0 });
  expect(found.share).toBe(0.87);
  // √(0.9 × 0.1 / 100) = 0.03, times 1.96
  expect(found.spread).toBeCloseTo(0.0588, 5);
});
