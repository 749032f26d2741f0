import { expect, test } from "vitest";
import { ProgressBoard } from "../../workflows/progress-board.ts";
import { briefOf, failedOutcome, NOTHING_FETCHED } from "../../workflows/symbol-outcome.ts";

const coins = (n: number) => Array.from({ length: n }, (_, i) => ({ symbol: `C${i}`, sources: ["binance"] }));

function board(n: number): ProgressBoard {
  const progress = new ProgressBoard("2020-12-31T12:00:00.000Z");
  progress.beginIngest(coins(n));
  progress.begin("run/batch-1", coins(n).slice(-2));
  return progress;
}

test("a run's progress names each of some hundred coins, in their order", () => {
  const { symbols, counts, children } = board(500).view();
  expect(Object.keys(symbols)).toEqual(coins(500).map(({ symbol }) => symbol));
  expect(counts).toEqual({ waiting: 498, ingest: 2, features: 0, ready: 0, failed: 0 });
  expect(children).toEqual(["run/batch-1"]);
});

test("of thousands of coins it names those at work and failed first, and counts them all", () => {
  const progress = board(10_000);
  const failed = briefOf(failedOutcome("C9999", NOTHING_FETCHED, "C9999: nobody knows it"));
  progress.end("run/batch-1", [failed]);
  progress.begin("run/batch-2", coins(10_000).slice(5_000, 5_001));
  const { symbols, counts, children } = progress.view();
  expect(Object.keys(symbols)).toHaveLength(500);
  expect(Object.keys(symbols).slice(0, 4)).toEqual(["C5000", "C9998", "C9999", "C0"]);
  expect(symbols.C9999).toMatchObject({ stage: "failed", error: "C9999: nobody knows it" });
  expect(counts).toMatchObject({ waiting: 9_997, ingest: 2, failed: 1 });
  expect(children).toEqual(["run/batch-2"]);
});

test("a coin that has ended stays as it ended, whatever is told of it later", () => {
  const progress = board(2);
  progress.end("run/batch-1", [briefOf(failedOutcome("C0", NOTHING_FETCHED, "C0: nobody knows it"))]);
  for (const symbol of ["C0", "C1"]) progress.update({ symbol, stage: "features", rows: 5, requests: 1, source: "binance" });
  const { symbols } = progress.view();
  expect([symbols.C0.stage, symbols.C1.stage]).toEqual(["failed", "features"]);
});
