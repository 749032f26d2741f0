/**
 * A candle as a source served it, before any check. Prices in the quote currency (USD or USDT).
 * A number that the source did not give, or gave as "unknown", is null; NaN and other dirt are still possible.
 */
export interface RawCandle {
  /** Open time, ms since the epoch, UTC. */
  readonly openTime: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Traded amount in base units. */
  readonly volume: number;
  /** Traded amount in the quote currency. */
  readonly quoteVolume: number | null;
  /** Market capitalisation in the quote currency. */
  readonly marketCap: number | null;
}

/** A checked, closed candle with its origin. */
export interface Candle extends RawCandle {
  /** Name of the source that served it. */
  readonly source: string;
  /** When it was fetched, ms since the epoch, UTC. */
  readonly fetchedAt: number;
}
