import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readSpotFile } from "../../bench/spot-candles.ts";
import type { Candle } from "../../core/candles/candle.ts";
import { jumpText } from "../../core/candles/suspect-jump-text.ts";
import { continuousSeries } from "../../core/candles/suspect-jumps.ts";
import { marketAvailable, marketFolder } from "../market-server.ts";
import { rowsOf } from "./rows.ts";
import { candle, DAY, START, series } from "./series.ts";

/** A candle of the n-th day that goes from one price to another. */
const move = (day: number, open: number, close: number): Candle =>
  candle(day, { open, close, high: Math.max(open, close), low: Math.min(open, close) });
const flat = (from: number, to: number, price: number) => Array.from({ length: to - from }, (_, i) => move(from + i, price, price));
const daysOf = (candles: readonly Candle[]) =>
  rowsOf(continuousSeries(series(candles)).series).map(({ openTime }) => Math.round((openTime - START) / DAY));
const jumpsOf = (candles: readonly Candle[]) =>
  continuousSeries(series(candles)).jumps.map(({ kind, rows, from, to, openTime }) => ({
    kind,
    rows,
    from,
    to,
    day: Math.round((Date.parse(openTime) - START) / DAY),
  }));

describe("a suspected jump", () => {
  test("is a change of level: the history before it is another series", () => {
    const candles = [...flat(0, 10, 70), ...flat(10, 15, 0.07)];
    expect(jumpsOf(candles)).toEqual([{ kind: "level", rows: 10, from: 70, to: 0.07, day: 10 }]);
    expect(daysOf(candles)).toEqual([10, 11, 12, 13, 14]);
  });

  test("is a row or two that stand apart: they are left out, and the history stays one series", () => {
    for (const length of [1, 2]) {
      const candles = [...flat(0, 5, 10), ...flat(5, 5 + length, 10_000), ...flat(5 + length, 12, 10)];
      expect(jumpsOf(candles)).toEqual([{ kind: "row", rows: length, from: 10, to: 10_000, day: 5 }]);
      expect(daysOf(candles)).toEqual(Array.from({ length: 12 }, (_, i) => i).filter((day) => day < 5 || day >= 5 + length));
    }
    const three = [...flat(0, 5, 10), ...flat(5, 8, 10_000), ...flat(8, 12, 10)];
    expect(jumpsOf(three).map(({ kind }) => kind)).toEqual(["level", "level"]);
    expect(daysOf(three)).toEqual([8, 9, 10, 11]);
  });

  test("is a close at more than twenty times its open", () => {
    const candles = [...flat(0, 5, 10), move(5, 10, 1_000), ...flat(6, 9, 10)];
    expect(jumpsOf(candles)).toEqual([{ kind: "row", rows: 1, from: 10, to: 1_000, day: 5 }]);
    expect(daysOf(candles)).toEqual([0, 1, 2, 3, 4, 6, 7, 8]);
    const level = [...flat(0, 5, 10), move(5, 10, 1_000), ...flat(6, 9, 1_000)];
    expect(jumpsOf(level)).toEqual([{ kind: "level", rows: 6, from: 10, to: 1_000, day: 5 }]);
    expect(daysOf(level)).toEqual([6, 7, 8]);
  });

  test("in the newest candle leaves nothing but that candle, because nobody knows yet", () => {
    expect(daysOf([...flat(0, 5, 10), move(5, 900, 900)])).toEqual([5]);
  });

  test("is no crash and no rally, because they happen inside candles", () => {
    const luna = [move(0, 60, 30), move(1, 30, 17.46), move(2, 17.46, 1.0769), move(3, 1.0782, 0.00032), move(4, 0.00032, 0.0004)];
    const doge = [move(5, 0.0004, 0.0019), move(6, 0.0019, 0.001)];
    expect(jumpsOf([...luna, ...doge])).toEqual([]);
    expect(daysOf([...luna, ...doge])).toHaveLength(7);
  });

  test("needs more where days are missing: 10 % for each", () => {
    const jumpsBehind = (days: number, factor: number) => jumpsOf([...flat(0, 3, 10), ...flat(3 + days, 6 + days, 10 * factor)]).length;
    expect([
      jumpsBehind(0, 2.9),
      jumpsBehind(0, 3.1),
      jumpsBehind(10, 8),
      jumpsBehind(10, 8.3),
      jumpsBehind(29, 2),
      jumpsBehind(20, 30_000),
    ]).toEqual([0, 1, 0, 1, 0, 1]);
  });

  test("says in words when, from what to what, and what becomes of it", () => {
    const jumps = [
      continuousSeries(series([...flat(0, 9, 74.5), ...flat(9, 12, 0.05966)])).jumps[0],
      continuousSeries(series([...flat(0, 5, 10), ...flat(5, 7, 10_000), ...flat(7, 9, 10)])).jumps[0],
    ];
    expect(jumps.map(jumpText)).toEqual([
      "2020-06-10: 0.05966 after 74.5 (÷1249); the history before it is another series",
      "2020-06-06: 10000 after 10 (×1000); 2 candles are left out",
    ]);
  });
});

test("a series without jumps is the same series, and a step by a factor of twelve or more is found anywhere, whatever the path", () => {
  const paths = fc.array(fc.double({ min: -0.6, max: 0.6, noNaN: true }), { minLength: 12, maxLength: 60 });
  fc.assert(
    fc.property(paths, fc.double({ min: 12, max: 1e6, noNaN: true }), fc.boolean(), fc.nat(), (path, factor, up, where) => {
      let price = 100;
      const candles = path.map((change, day) => {
        const open = price;
        price *= Math.exp(change);
        return move(day, open, price);
      });
      const whole = series(candles);
      expect(continuousSeries(whole)).toEqual({ series: whole, jumps: [] });
      const at = 1 + (where % (candles.length - 1));
      const scale = up ? factor : 1 / factor;
      const stepped = candles.map((row, day) => (day < at ? row : move(day, row.open * scale, row.close * scale)));
      const found = continuousSeries(series(stepped));
      expect(found.jumps.map(({ openTime }) => openTime)).toEqual([new Date(START + at * DAY).toISOString()]);
      expect(found.series).toEqual(series(stepped.slice(at)));
    }),
  );
});

test.skipIf(!marketAvailable)("of 187 real coins, five have a jump: those that were redenominated or relaunched under their name", () => {
  const folder = join(marketFolder, "spot", "daily-spot");
  const found = readdirSync(folder).flatMap((file) => {
    const { jumps } = continuousSeries(readSpotFile(file, readFileSync(join(folder, file)), "1d"));
    return jumps.map(({ kind, openTime }) => `${file.split(".")[0]} ${kind} ${openTime.slice(0, 10)}`);
  });
  expect(found).toEqual([
    "BNX level 2023-02-23",
    "LUNA level 2022-06-01",
    "QUICK level 2023-07-22",
    "SUN level 2021-06-19",
    "VIDT level 2022-11-10",
  ]);
});
