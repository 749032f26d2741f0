import { type PriceLaw, simulateCandles } from "../core/candles/simulate-candles.ts";
import { seedFrom } from "../core/random.ts";
import { UnknownSymbolError } from "../core/vocabulary/errors.ts";
import { type Interval, intervalMs } from "../core/vocabulary/interval.ts";
import { isSimulated, SIMULATED_SYMBOLS } from "../core/vocabulary/symbol.ts";
import type { CandlePage, CandleSource, PageRequest } from "./candle-source.ts";

const GENESIS: Record<Interval, string> = { "1d": "2015-01-01", "1h": "2019-01-01", "1m": "2026-01-01" };
const PAGE = 5_000;

/** How strongly a return goes on in the next one. */
export const HET_PHI = 0.4;
/** How strongly the price is drawn to its mean. */
export const HET_KAPPA = 0.002;
/** Standard deviation of the innovations of a daily log price. */
export const HET_SIGMA = 0.03;
const HET_MEAN_LOG_PRICE = Math.log(100);
export const HET_LAW: PriceLaw = { phi: HET_PHI, kappa: HET_KAPPA, sigma: HET_SIGMA, meanLogPrice: HET_MEAN_LOG_PRICE };

/**
 * Heterium, a coin that exists only here. Its log price x and log return r = x[t] − x[t−1] follow
 *
 *   r[t] = φ·r[t−1] − κ·(x[t−1] − ln 100) + σ·ε[t],  ε standard normal,  φ = 0.4, κ = 0.002, σ = 0.03 a day,
 *
 * so the best one-step forecast is the conditional mean E[r[t+1]] = φ·r[t] − κ·(x[t] − ln 100), and its error has
 * standard deviation σ: about 8 % below that of "no change", and nobody can do better. On shorter intervals σ shrinks
 * with the square root of the length. The same open time has the same candle in every answer. HET2 and so on follow the same law, each
 * with other innovations.
 */
export function createSimulated(): CandleSource {
  return {
    name: "simulated",
    requestsPerSecond: 100,
    newestOnly: null,
    async fetchPage({ symbol, interval, range }: PageRequest): Promise<CandlePage> {
      if (!isSimulated(symbol)) throw new UnknownSymbolError(`${symbol} is no simulated coin; those are ${SIMULATED_SYMBOLS}`);
      const step = intervalMs(interval);
      const genesis = Date.parse(GENESIS[interval]);
      const from = Math.max(genesis, Math.ceil(range.from / step) * step);
      const to = Math.min(range.to, from + PAGE * step);
      return {
        rows: simulateCandles({ law: HET_LAW, seed: seedFrom(symbol, interval), interval, genesis, from, to }),
        covered: { from, to },
        next: to < range.to ? { from: to, to: range.to } : null,
        servedAt: null,
      };
    },
  };
}
