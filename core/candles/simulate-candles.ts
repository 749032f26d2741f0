import { mix } from "../random.ts";
import { type Interval, intervalMs } from "../vocabulary/interval.ts";
import type { RawCandle } from "./candle.ts";

/**
 * Law of a simulated log price x with log return r[t] = x[t] − x[t−1]:
 *
 *   r[t] = φ·r[t−1] − κ·(x[t−1] − m) + σ·√(interval in days)·ε[t],  ε standard normal.
 */
export interface PriceLaw {
  readonly phi: number;
  readonly kappa: number;
  /** a day */
  readonly sigma: number;
  readonly meanLogPrice: number;
}

/** Nothing about its future can be known. */
export const RANDOM_WALK: PriceLaw = { phi: 0, kappa: 0, sigma: 0.03, meanLogPrice: Math.log(100) };

export interface SimulationOptions {
  readonly law: PriceLaw;
  readonly seed: number;
  readonly interval: Interval;
  /** open time of the first candle of all, ms UTC */
  readonly genesis: number;
  /** the candles wanted: open times from … to − 1 */
  readonly from: number;
  readonly to: number;
}

/** Candles of a law. The same open time has the same candle, whichever stretch is asked for. */
export function simulateCandles({ law, seed, interval, genesis, from, to }: SimulationOptions): RawCandle[] {
  const step = intervalMs(interval);
  const sigma = law.sigma * Math.sqrt(step / 86_400_000);
  const rows: RawCandle[] = [];
  let logPrice = law.meanLogPrice;
  let logReturn = 0;
  for (let time = genesis, index = 0; time < to; time += step, index++) {
    const before = logPrice;
    logReturn = law.phi * logReturn - law.kappa * (before - law.meanLogPrice) + sigma * normalAt(seed, index, 0);
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
