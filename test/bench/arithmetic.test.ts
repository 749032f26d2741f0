import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Costs, type Demand, type Limits, learnCosts, lineThrough, type Prices, reckon } from "../../bench/scale/arithmetic.ts";
import type { KeptRun } from "../../bench/scale/measured.ts";
import { temporalMonth } from "../../bench/scale/prices.ts";
import { LIMITS, SCALING_GUIDE, withScalingTables } from "../../bench/scale/scaling-tables.ts";

const flat = (fixed: number) => ({ fixed, each: 0 });
const each = (amount: number, fixed = 0) => ({ fixed, each: amount });
const COSTS: Costs = {
  actions: each(10, 20),
  heartbeats: 2,
  historyBytes: flat(0),
  longestHistory: each(8, 40),
  sourceRequests: each(1),
  puts: each(5),
  gets: each(20),
  bytesWritten: each(600),
  bytesRead: each(1_000),
  cpuS: each(0.001, 10),
  workerMb: each(0.003, 400),
};
const LIMIT: Limits = {
  symbolsPerRun: 500,
  sourcePerSecond: 40,
  historyEvents: 51_200,
  actionsPerSecond: 500,
  workerMb: 3_000,
  workerCores: 2,
  cpuWorkers: 8,
  s3GetsPerSecond: 5_500,
  s3PutsPerSecond: 3_500,
};
const PRICE: Prices = { thousandPuts: 0.005, thousandGets: 0.0004, storeGibMonth: 0, coreHour: 0.05, keptDays: 30 };
const DAILY: Demand = { name: "daily", coins: 100, candlesPerCoin: 1_000, runsADay: 1, withinS: 1_000 };

describe("what a demand needs", () => {
  test("a day's run of one part: by coins, by candles, and heartbeats by CPU time", () => {
    const found = reckon(DAILY, COSTS, LIMIT, PRICE);
    // 0.001 s for each of 100,000 candles, and 10 s
    expect(found).toMatchObject({ parts: 1, sourceRequestsADay: 100, putsADay: 500, getsADay: 2_000, workers: 1 });
    expect(found.coreHoursADay).toBeCloseTo(110 / 3_600);
    expect(found.actionsADay).toBe(20 + 10 * 100 + 2 * 110);
    expect(found.used.memory).toBeCloseTo(0.7 / 3);
    expect(found.first).toBe("memory");
  });

  test("coins beyond what a run takes are shared by several runs, each with its own fixed costs", () => {
    const found = reckon({ ...DAILY, coins: 1_000 }, COSTS, LIMIT, PRICE);
    expect(found.parts).toBe(2);
    expect(found.actionsADay).toBe(2 * (20 + 10 * 500) + 2 * (2 * (10 + 500)));
    expect(found.used.symbols).toBe(2);
    expect(found.used.history).toBeCloseTo((40 + 8 * 500) / 51_200);
  });

  test("a run that has to be over sooner needs more workers and meets the source's limit first", () => {
    const found = reckon(
      { ...DAILY, coins: 500, candlesPerCoin: 10, withinS: 2, runsADay: 1_440 },
      { ...COSTS, cpuS: flat(9) },
      LIMIT,
      PRICE,
    );
    expect(found.workers).toBe(3);
    expect(found.used.source).toBeCloseTo(500 / 80);
    expect(found.first).toBe("source");
    expect(found.sourceRequestsADay).toBe(720_000);
  });

  test("S3 costs by a month's requests", () => {
    const { s3UsdAMonth } = reckon(DAILY, COSTS, LIMIT, PRICE);
    expect(s3UsdAMonth).toBeCloseTo((0.5 * 0.005 + 2 * 0.0004) * (365 / 12));
  });
});

describe("a line through two runs", () => {
  test("has what each costs, and what is fixed", () => {
    expect(lineThrough(10, 30, 20, 50)).toEqual({ fixed: 10, each: 2 });
  });

  test("neither falls nor begins below zero", () => {
    expect(lineThrough(10, 30, 20, 25)).toEqual({ fixed: 30, each: 0 });
    expect(lineThrough(10, 10, 20, 30)).toEqual({ fixed: 0, each: 2 });
  });
});

test("costs are learned from the measured runs, and a run that is not there is named", () => {
  const s3 = { puts: 40, lists: 10, gets: 90, heads: 10, deletes: 0, bytesRead: 1, bytesWritten: 1 };
  const run = (coins: number, more: Partial<KeptRun> = {}): KeptRun => ({
    machine: "m",
    commit: "c",
    date: "2026-11-29",
    coins,
    candles: coins * 1_000,
    wallS: 1,
    cpuS: coins,
    workerPeakMb: 500 + coins,
    ingestS: 1,
    trainingS: 1,
    publishS: 1,
    sourceRequests: 2 * coins,
    actions: 10 * coins + 50 + coins / 2,
    heartbeats: coins / 2,
    events: 1,
    historyBytes: 1,
    mostEvents: 1,
    mostBytes: 1,
    s3: null,
    ...more,
  });
  const measured = {
    "66-next": run(66),
    "187-next": run(187),
    "s3-15-next": run(15, { s3 }),
    "s3-30-next": run(30, { s3: { ...s3, puts: 70 } }),
  };
  const costs = learnCosts(measured);
  expect(costs.actions.each).toBeCloseTo(10);
  expect(costs.actions.fixed).toBeCloseTo(50);
  expect(costs.heartbeats).toBeCloseTo(0.5);
  expect(costs.workerMb.each).toBeCloseTo(0.001);
  expect(costs.puts).toEqual({ fixed: 20, each: 2 });
  expect(() => learnCosts({ ...measured, "187-next": undefined as never })).toThrow("187-next");
});

describe("a month on Temporal Cloud", () => {
  const month = (actions: number) => temporalMonth({ actions, retainedGb: 0, hours: 730 });

  test("a small one is on the plan without a base fee: 50 USD a million, and a tenth", () => {
    expect(month(1e6)).toBeCloseTo(55);
  });

  test("a large one is on the plan with tiers, beyond the actions that it holds", () => {
    // 5 at 50, 5 at 45, 10 at 40, 10 at 35, and the plan's least price
    expect(month(32.5e6)).toBeCloseTo(250 + 225 + 400 + 350 + 500);
  });

  test("beyond the last tier there is no list price", () => {
    expect(month(203e6)).toBeNull();
  });

  test("kept histories are paid for by the hour", () => {
    expect(temporalMonth({ actions: 0, retainedGb: 10, hours: 100 })).toBeCloseTo(1.05 * 1.1);
  });
});

test("the limits of this project are read from where they stand", () => {
  expect(LIMITS).toMatchObject({ workerCores: 2, cpuWorkers: 8, sourcePerSecond: 40 });
  expect(LIMITS.workerMb).toBeCloseTo((3 * 2 ** 30) / 1e6);
});

test("the guide's tables are what the measured runs, the limits and the prices say", () => {
  const text = readFileSync(SCALING_GUIDE, "utf8");
  expect(withScalingTables(text), "run `node bench/scale/scaling-tables.ts --write`").toBe(text);
});
