import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UnknownSymbolError } from "../../core/vocabulary/errors.ts";
import { createSimulated, HET_KAPPA, HET_PHI, HET_SIGMA } from "../../sources/simulated.ts";
import { cut, DAY, realRows, walk } from "./walk.ts";

const genesis = Date.parse("2015-01-01");
const whole = { from: genesis, to: genesis + 12_000 * DAY };

describe("the simulated coin", () => {
  test("has the same candles in every answer of every instance", async () => {
    const range = { from: genesis, to: genesis + 100 * DAY };
    const [a, b] = [createSimulated(), createSimulated()];
    expect(await a.fetchPage({ symbol: "HET", interval: "1d", range })).toEqual(
      await b.fetchPage({ symbol: "HET", interval: "1d", range }),
    );
  });

  test("HET is for ever the same, to the last bit", async () => {
    const { rows } = await createSimulated().fetchPage({
      symbol: "HET",
      interval: "1d",
      range: { from: genesis, to: genesis + 1_000 * DAY },
    });
    expect(createHash("sha256").update(JSON.stringify(rows)).digest("hex")).toBe(
      "358f042cb991d3c901c2136b533943479570ea4c74bb7a01bdbfd7b978261d30",
    );
  });

  test("has others beside it, each with a path of its own", async () => {
    const source = createSimulated();
    const range = { from: genesis, to: genesis + 100 * DAY };
    const closes = async (symbol: string) => {
      const { rows } = await source.fetchPage({ symbol, interval: "1d", range });
      return rows.map(({ close }) => close);
    };
    const paths = await Promise.all(["HET", "HET2", "HET3", "HET99999"].map(closes));
    for (const [i, path] of paths.entries())
      for (const other of paths.slice(i + 1)) expect(path.filter((close, day) => close === other[day])).toEqual([]);
  });

  test.each(["HET0", "HET1", "HET02", "HET100000", "HETX", "XHET2", "BTC"])("%s is none of them", async (symbol) => {
    await expect(createSimulated().fetchPage({ symbol, interval: "1d", range: { from: genesis, to: genesis + DAY } })).rejects.toThrow(
      `${symbol} is no simulated coin; those are HET, and HET2 to HET99999`,
    );
  });

  test("is served whole by any walk over its pages", async () => {
    const source = createSimulated();
    const all = realRows(await walk(source, "HET", whole));
    expect(all).toHaveLength(12_000);
    expect(new Set(all.map(({ openTime }) => openTime)).size).toBe(12_000);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }), async (fractions) => {
        const parts = [];
        for (const range of cut(whole, fractions)) parts.push(...realRows(await walk(source, "HET", range)));
        expect(parts).toEqual(all);
      }),
      { numRuns: 8 },
    );
  });

  test("covers what it claims and begins at its genesis", async () => {
    const [page] = await walk(createSimulated(), "HET", { from: 0, to: genesis + 3 * DAY });
    expect(page.covered).toEqual({ from: genesis, to: genesis + 3 * DAY });
    expect(page.rows.map(({ openTime }) => openTime)).toEqual([0, 1, 2].map((i) => genesis + i * DAY));
  });

  test.each(["1d", "1h", "1m"] as const)("serves %s candles that are on the grid, positive and inside [low, high]", async (interval) => {
    const step = { "1d": DAY, "1h": 3_600_000, "1m": 60_000 }[interval];
    const start = Date.parse("2026-03-01");
    const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval, range: { from: start, to: start + 50 * step } });
    expect(rows).toHaveLength(50);
    for (const { openTime, open, high, low, close, volume } of rows) {
      expect(openTime % step).toBe(0);
      expect(low).toBeGreaterThan(0);
      expect(Math.min(open, close)).toBeGreaterThanOrEqual(low);
      expect(Math.max(open, close)).toBeLessThanOrEqual(high);
      expect(volume).toBeGreaterThan(0);
    }
  });

  test("opens each candle where the one before closed", async () => {
    const { rows } = await createSimulated().fetchPage({
      symbol: "HET",
      interval: "1d",
      range: { from: genesis, to: genesis + 500 * DAY },
    });
    for (let i = 1; i < rows.length; i++) expect(rows[i].open).toBeCloseTo(rows[i - 1].close, 9);
  });

  test("follows its law: φ, κ and σ come back from a regression over its candles", async () => {
    const rows = realRows(await walk(createSimulated(), "HET", whole));
    const x = rows.map(({ close }) => Math.log(close));
    const samples = Array.from({ length: x.length - 2 }, (_, i) => ({
      past: x[i + 1] - x[i],
      level: x[i + 1] - Math.log(100),
      now: x[i + 2] - x[i + 1],
    }));
    const { phi, kappa, residual } = leastSquares(samples);
    // Standard errors with n = 12,000: φ 0.0085; κ at most about √(2κ/n); σ relative 0.0065.
    expect(Math.abs(phi - HET_PHI)).toBeLessThan(4 * 0.0085);
    expect(Math.abs(kappa - HET_KAPPA)).toBeLessThan(4 * Math.sqrt((2 * HET_KAPPA) / samples.length));
    expect(Math.abs(residual / HET_SIGMA - 1)).toBeLessThan(4 * 0.0065);
  });

  test("draws innovations that do not depend on each other", async () => {
    const rows = realRows(await walk(createSimulated(), "HET", whole));
    const x = rows.map(({ close }) => Math.log(close));
    const shocks = Array.from(
      { length: x.length - 2 },
      (_, i) => x[i + 2] - x[i + 1] - HET_PHI * (x[i + 1] - x[i]) + HET_KAPPA * (x[i + 1] - Math.log(100)),
    );
    const standard = shocks.map((shock) => shock / HET_SIGMA);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const bound = 4 / Math.sqrt(standard.length);
    expect(Math.abs(mean(standard))).toBeLessThan(bound);
    for (const lag of [1, 2, 7]) expect(Math.abs(mean(standard.slice(lag).map((value, i) => value * standard[i])))).toBeLessThan(bound);
    expect(Math.abs(mean(standard.map((value) => value ** 4)) - 3)).toBeLessThan(4 * Math.sqrt(96 / standard.length));
  });

  test("knows no other symbol", async () => {
    const asked = createSimulated().fetchPage({ symbol: "BTC", interval: "1d", range: { from: 0, to: genesis } });
    await expect(asked).rejects.toThrow(UnknownSymbolError);
    await expect(asked).rejects.toThrow("BTC is no simulated coin; those are HET, and HET2 to HET99999");
  });
});

/** now = φ·past − κ·level + noise, without intercept. */
function leastSquares(samples: readonly { past: number; level: number; now: number }[]) {
  const sum = (f: (s: (typeof samples)[number]) => number) => samples.reduce((total, s) => total + f(s), 0);
  const [pp, pl, ll] = [sum((s) => s.past * s.past), sum((s) => s.past * s.level), sum((s) => s.level * s.level)];
  const [pn, ln] = [sum((s) => s.past * s.now), sum((s) => s.level * s.now)];
  const det = pp * ll - pl * pl;
  const phi = (pn * ll - ln * pl) / det;
  const kappa = -(ln * pp - pn * pl) / det;
  const residual = Math.sqrt(sum((s) => (s.now - phi * s.past + kappa * s.level) ** 2) / (samples.length - 2));
  return { phi, kappa, residual };
}
