import fc from "fast-check";
import type { CandleSeries } from "../../core/candles/candle-series.ts";

const DAY_MS = 86_400_000;

interface Step {
  /** log return of the close */
  readonly move: number;
  readonly rangeUp: number;
  readonly rangeDown: number;
  /** of the open against the previous close; takes it outside [low, high] at times */
  readonly openOff: number;
  readonly volume: number;
  readonly marketCapKnown: boolean;
  /** candles missing before this one */
  readonly gap: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  move: fc.oneof({ weight: 4, arbitrary: fc.double({ min: -0.3, max: 0.3, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(0) }),
  rangeUp: fc.oneof(fc.double({ min: 0, max: 0.2, noNaN: true }), fc.constant(0)),
  rangeDown: fc.oneof(fc.double({ min: 0, max: 0.2, noNaN: true }), fc.constant(0)),
  openOff: fc.oneof(fc.constant(0), fc.double({ min: -0.4, max: 0.4, noNaN: true })),
  volume: fc.oneof({ weight: 3, arbitrary: fc.double({ min: 1e-3, max: 1e9, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(0) }),
  marketCapKnown: fc.boolean(),
  gap: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) }),
});

/** Candles with all that real ones hold: gaps, flat and dead days, opens outside the range, unknown market caps. */
export function randomCandles(size: { minLength: number; maxLength: number }): fc.Arbitrary<CandleSeries> {
  return fc
    .tuple(fc.double({ min: 1e-5, max: 1e5, noNaN: true }), fc.array(step, { ...size, size: "max" }))
    .map(([first, steps]) => build(first, steps));
}

/** Lively candles, where every feature is defined once it has warmed up; the same for the same length. */
export function livelyCandles(length: number): CandleSeries {
  const wave = (i: number, k: number) => Math.sin(i * 1.7 * k) * 0.5 + Math.sin(i * i * 0.37 * k) * 0.5;
  return build(
    100,
    Array.from({ length }, (_, i) => ({
      move: 0.03 * wave(i, 1),
      rangeUp: 0.01 + 0.005 * wave(i, 2),
      rangeDown: 0.01 + 0.005 * wave(i, 3),
      openOff: 0,
      volume: 1000 + 900 * wave(i, 4),
      marketCapKnown: true,
      gap: 0,
    })),
  );
}

/** Candles with one price and no volume. */
export function flatCandles(length: number): CandleSeries {
  return build(
    0.3,
    Array.from({ length }, () => ({ move: 0, rangeUp: 0, rangeDown: 0, openOff: 0, volume: 0, marketCapKnown: false, gap: 0 })),
  );
}

function build(first: number, steps: readonly Step[]): CandleSeries {
  const column = () => new Float64Array(steps.length);
  const series = {
    openTime: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    quoteVolume: column(),
    marketCap: column(),
    fetchedAt: column(),
  };
  let price = first;
  let time = Date.UTC(2020, 0, 1) - DAY_MS;
  steps.forEach((step, i) => {
    const previous = price;
    price *= Math.exp(step.move);
    time += (1 + step.gap) * DAY_MS;
    series.openTime[i] = time;
    series.open[i] = previous * (1 + step.openOff);
    series.close[i] = price;
    series.high[i] = Math.max(previous, price) * (1 + step.rangeUp);
    series.low[i] = Math.min(previous, price) * (1 - step.rangeDown);
    series.volume[i] = step.volume;
    series.quoteVolume[i] = step.volume * price;
    series.marketCap[i] = step.marketCapKnown ? price * 1e6 : Number.NaN;
    series.fetchedAt[i] = time + DAY_MS;
  });
  return { symbol: "TEST", interval: "1d", length: steps.length, source: steps.map(() => "test"), ...series };
}

/** The first `length` candles. */
export function truncate(series: CandleSeries, length: number): CandleSeries {
  return mapColumns({ ...series, length, source: series.source.slice(0, length) }, (values) => values.slice(0, length));
}

/** The candles of `past` up to `row`, those of `future` after it. */
export function splice(past: CandleSeries, future: CandleSeries, row: number): CandleSeries {
  return mapColumns(past, (values, name) => values.map((value, i) => (i < row ? value : future[name][i % future.length])));
}

/** Prices in another unit, amounts in another one. */
export function rescale(series: CandleSeries, priceFactor: number, amountFactor: number): CandleSeries {
  const prices = new Set<string>(["open", "high", "low", "close"]);
  const amounts = new Set<string>(["volume", "quoteVolume", "marketCap"]);
  return mapColumns(series, (values, name) =>
    prices.has(name) ? values.map((x) => x * priceFactor) : amounts.has(name) ? values.map((x) => x * amountFactor) : values,
  );
}

const COLUMNS = ["openTime", "open", "high", "low", "close", "volume", "quoteVolume", "marketCap", "fetchedAt"] as const;

function mapColumns(series: CandleSeries, change: (values: Float64Array, name: (typeof COLUMNS)[number]) => Float64Array): CandleSeries {
  return { ...series, ...Object.fromEntries(COLUMNS.map((name) => [name, change(series[name], name)])) };
}
