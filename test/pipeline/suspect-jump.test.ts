import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFitPool } from "../../activities/train/fit-pool.ts";
import { summaryLines } from "../../cli/runs/run-summary.ts";
import type { Candle } from "../../core/candles/candle.ts";
import { createRandom } from "../../core/random.ts";
import { reproduce } from "../../operations/reproduce.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { candle, DAY, START, series } from "../candles/series.ts";
import { type System, startSystem } from "./system.ts";

const DAYS = 500;
const JUMP = 150;
const asOf = new Date(START + DAYS * DAY + 1).toISOString();

/** A random walk of {@link DAYS} days, the same for the same seed. */
function walk(seed: number): Candle[] {
  const random = createRandom(seed);
  let price = 100;
  return Array.from({ length: DAYS }, (_, day) => {
    const open = price;
    price *= Math.exp(0.04 * (random.next() - 0.5));
    const volume = 1_000 * (0.5 + random.next());
    const [high, low] = [Math.max(open, price) * 1.01, Math.min(open, price) * 0.99];
    return candle(day, { open, high, low, close: price, volume, quoteVolume: volume * price, fetchedAt: START, source: "file" });
  });
}

const times = (row: Candle, factor: number): Candle => ({
  ...row,
  open: row.open * factor,
  high: row.high * factor,
  low: row.low * factor,
  close: row.close * factor,
});

describe("a step by a factor of 1,000 in one of three coins", () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem({ CANDLE_SOURCE: "file" });
    const store = createFileStore(system.storeFolder);
    const put = (symbol: string, candles: readonly Candle[]) => upsertCandles(store, series(candles, { symbol }));
    await put("AAA", walk(1));
    await put("BBB", walk(2));
    // One coin in four ways: whole with a new level, only what is behind it, with a damaged candle, and without that candle.
    await put(
      "CCC",
      walk(3).map((row, day) => (day < JUMP ? times(row, 1_000) : row)),
    );
    await put("CCD", walk(3).slice(JUMP));
    await put(
      "CCE",
      walk(3).map((row, day) => (day === JUMP ? times(row, 1_000) : row)),
    );
    await put(
      "CCF",
      walk(3).filter((_, day) => day !== JUMP),
    );
    // Jumped so late that too little is left.
    await put(
      "CCG",
      walk(3).map((row, day) => (day < DAYS - 20 ? times(row, 1_000) : row)),
    );
  }, 120_000);
  afterAll(() => system?.stop());

  const run = async (symbol: string) => {
    const result = await system.run({ symbols: ["AAA", "BBB", symbol], asOf, source: "file" });
    const manifest = await system.manifest();
    const files = (coin: string) => manifest?.symbols[coin]?.models.map(({ file }) => file?.sha256);
    return { result, entry: manifest?.symbols[symbol], others: [files("AAA"), files("BBB")], own: result.symbols[2] };
  };

  test("is flagged, and the other coins' models are those of a run in which the history before it is not there", async () => {
    const jumped = await run("CCC");
    const openTime = new Date(START + JUMP * DAY).toISOString();
    const jump = { openTime, kind: "level", rows: JUMP };
    expect(jumped.own).toMatchObject({ status: "ok", rows: DAYS, suspectJumps: [jump] });
    expect(jumped.entry?.candles.suspectJumps).toMatchObject([jump]);
    expect(jumped.entry?.features.rows).toBe(DAYS - JUMP);
    const lines = summaryLines({
      ...jumped.result,
      workflowId: "x",
      runUrl: null,
      symbols: jumped.result.symbols.map((row) => ({ ...row, models: [] })),
    });
    expect(lines.find((line) => line.includes("CCC"))).toMatch(/suspect_jump 2020-10-29: .* after .* \(÷1\d{3}\); the history before it/);
    const without = await run("CCD");
    expect(without.entry?.candles.suspectJumps).toEqual([]);
    expect(jumped.others).toEqual(without.others);
    expect(jumped.others.flat().filter((digest) => digest).length).toBeGreaterThan(5);
  }, 120_000);

  test("in one candle is left out: models are those of a run without that candle", async () => {
    const damaged = await run("CCE");
    expect(damaged.own.suspectJumps).toMatchObject([{ kind: "row", rows: 1 }]);
    const without = await run("CCF");
    expect(damaged.others).toEqual(without.others);
  }, 120_000);

  test("of too late a date fails its coin with the reason, and no other", async () => {
    const { own, result } = await run("CCG");
    expect(own).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/CCG has 20 closed 1d candles as of .* \(suspect_jump 2021-.*÷/),
    });
    expect(result.symbols.map(({ status }) => status)).toEqual(["ok", "ok", "failed"]);
  }, 120_000);

  test("is left out in the same way when the manifest is made again", async () => {
    await run("CCC");
    const manifest = await system.manifest();
    const pool = createFitPool({ threads: 1 });
    try {
      const made = await reproduce({ reader: system.store, fitFinal: pool.fitFinal }, manifest as NonNullable<typeof manifest>);
      expect(made.objects.filter(({ equal }) => !equal)).toEqual([]);
      expect(made.objects.filter(({ kind }) => kind === "features").length).toBeGreaterThan(2);
    } finally {
      await pool.close();
    }
  }, 120_000);
});
