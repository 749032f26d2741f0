import type { RawCandle } from "../core/candles/candle.ts";
import { type Interval, intervalMs } from "../core/candles/interval.ts";
import { UnknownSymbolError } from "../core/errors.ts";
import { mix, seedFrom } from "../core/random.ts";
import type { CandlePage, CandleSource, PageRequest } from "./candle-source.ts";

export const SIMULATED_SYMBOLS: readonly string[] = ["HET"];
const GENESIS: Record<Interval, string> = { "1d": "2015-01-01", "1h": "2019-01-01", "1m": "2026-01-01" };
const PAGE = 5_000;

/** How strongly a return goes on in the next one. */
export const HET_PHI = 0.4;
/** How strongly the price is drawn to its mean. */
export const HET_KAPPA = 0.002;
/** Standard deviation of the innovations of a daily log price. */
export const HET_SIGMA = 0.03;
const HET_MEAN_LOG_PRICE = Math.log(100);

/**
 * Heterium, a coin that exists only here. Its log price x and log return r = x[t] − x[t−1] follow
 *
 *   r[t] = φ·r[t−1] − κ·(x[t−1] − ln 100) + σ·ε[t],  ε standard normal,  φ = 0.4, κ = 0.002, σ = 0.03 a day,
 *
 * so the best one-step forecast is the conditional mean E[r[t+1]] = φ·r[t] − κ·(x[t] − ln 100), and its error has
 * standard deviation σ: about 8 % below that of "no change", and nobody can do better. On shorter intervals σ shrinks
 * with the square root of the length. The same open time has the same candle in every answer.
 */
export function createSimulated(): CandleSource {
  return {
    name: "simulated",
    simulated: true,
    requestsPerSecond: 100,
    newestOnly: null,
    async fetchPage({ symbol, interval, range }: PageRequest): Promise<CandlePage> {
      if (!SIMULATED_SYMBOLS.includes(symbol))
        throw new UnknownSymbolError(`the simulated coins are ${SIMULATED_SYMBOLS.join(", ")}, not ${symbol}`);
      const step = intervalMs(interval);
      const genesis = Date.parse(GENESIS[interval]);
      const from = Math.max(genesis, Math.ceil(range.from / step) * step);
      const to = Math.min(range.to, from + PAGE * step);
      return {
        rows: simulate(symbol, interval, genesis, from, to),
        covered: { from, to },
        next: to < range.to ? { from: to, to: range.to } : null,
      };
    },
  };
}

/**
 * The best one-candle forecast of Heterium's log return that anyone can make on daily candles: the conditional mean of its
 * law, E[r[t+1]] = φ·r[t] − κ·(x[t] − ln 100).
 *
 * @param close of candle t
 * @param previousClose of candle t − 1
 */
export function heteriumMean(close: number, previousClose: number): number {
  return HET_PHI * Math.log(close / previousClose) - HET_KAPPA * (Math.log(close) - HET_MEAN_LOG_PRICE);
}

function simulate(symbol: string, interval: Interval, genesis: number, from: number, to: number): RawCandle[] {
  const step = intervalMs(interval);
  const sigma = HET_SIGMA * Math.sqrt(step / 86_400_000);
  const seed = seedFrom(symbol, interval);
  const rows: RawCandle[] = [];
  let logPrice = HET_MEAN_LOG_PRICE;
  let logReturn = 0;
  for (let time = genesis, index = 0; time < to; time += step, index++) {
    const before = logPrice;
    logReturn = HET_PHI * logReturn - HET_KAPPA * (before - HET_MEAN_LOG_PRICE) + sigma * normalAt(seed, index, 0);
    logPrice = before + logReturn;
    if (time < from) continue;
    const open = Math.exp(before);
    const close = Math.exp(logPrice);
    const high = Math.max(open, close) * Math.exp(sigma * 0.5 * Math.abs(normalAt(seed, index, 1)));
    const low = Math.min(open, close) * Math.exp(-sigma * 0.5 * Math.abs(normalAt(seed, index, 2)));
    const volume = 1e6 * Math.exp(0.3 * normalAt(seed, index, 3) + 8 * Math.abs(logReturn));
    rows.push({ openTime: time, open, high, low, close, volume, quoteVolume: volume * close, marketCap: null });
  }
  return rows;
}

/** A standard normal number that depends on its place only (Box–Muller over hashed counters). */
function normalAt(seed: number, index: number, stream: number): number {
  const place = mix(mix(seed ^ Math.imul(stream + 1, 0x9e3779b9)) ^ index);
  const u = (mix(place ^ 0x68bc21eb) + 0.5) / 4294967296;
  const v = mix(place ^ 0x02e5be93) / 4294967296;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
