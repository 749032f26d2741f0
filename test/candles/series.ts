import fc from "fast-check";
import { seriesFromCandles } from "../../core/candles/build-series.ts";
import type { Candle, RawCandle } from "../../core/candles/candle.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";

export const DAY = 86_400_000;
export const START = Date.parse("2020-06-01");

/** A usable raw candle of the n-th day. */
export function rawCandle(day: number, values: Partial<RawCandle> = {}): RawCandle {
  return { openTime: START + day * DAY, open: 10, high: 12, low: 9, close: 11, volume: 5, quoteVolume: 55, marketCap: null, ...values };
}

export function candle(day: number, values: Partial<Candle> = {}): Candle {
  return { ...rawCandle(day), source: "binance", fetchedAt: START + 1_000 * DAY, ...values };
}

export function series(candles: readonly Candle[], { symbol = "BTC", interval = "1d" as Interval } = {}): CandleSeries {
  return seriesFromCandles(symbol, interval, candles);
}

const price = fc.double({ min: 1e-12, max: 1e12, noNaN: true });
const amount = fc.double({ min: 0, max: 1e18, noNaN: true });
const maybe = fc.option(fc.double({ min: 1e-3, max: 1e15, noNaN: true }), { nil: null });

/** Candles of distinct days over about four years, ordered, all of one fetch. */
export const candlesArbitrary: fc.Arbitrary<Candle[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 1_400 }), { maxLength: 40 })
  .chain((days) =>
    fc.tuple(
      ...days
        .sort((a, b) => a - b)
        .map((day) =>
          fc
            .record({ open: price, high: price, low: price, close: price, volume: amount, quoteVolume: maybe, marketCap: maybe })
            .map((values) => candle(day, values)),
        ),
    ),
  );
