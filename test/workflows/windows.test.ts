import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INTERVALS, intervalMs } from "../../core/candles/interval.ts";
import { planWindows } from "../../workflows/windows.ts";

const symbol = (name: string) => ({ symbol: name, simulated: false, sources: ["binance"] });

describe("planWindows", () => {
  test("each symbol's windows touch, in order, and cover its range exactly", () => {
    fc.assert(
      fc.property(fc.constantFrom(...INTERVALS), fc.nat(10_000), fc.integer({ min: 1, max: 5_000 }), (interval, start, candles) => {
        const step = intervalMs(interval);
        const range = { from: start * step, to: (start + candles) * step };
        const windows = planWindows({ interval, range, symbols: [symbol("BTC"), symbol("ETH")] });
        for (const name of ["BTC", "ETH"]) {
          const own = windows.filter((window) => window.symbol === name).map((window) => window.range);
          expect(own[0].from).toBe(range.from);
          expect(own.at(-1)?.to).toBe(range.to);
          for (let i = 1; i < own.length; i++) expect(own[i].from).toBe(own[i - 1].to);
        }
      }),
    );
  });

  test("symbols take turns, so that none waits for another's whole history", () => {
    const windows = planWindows({ interval: "1d", range: { from: 0, to: 2500 * 86_400_000 }, symbols: [symbol("BTC"), symbol("ETH")] });
    expect(windows.map((window) => window.symbol)).toEqual(["BTC", "ETH", "BTC", "ETH", "BTC", "ETH"]);
  });
});
