import type { CandleSource } from "../candle-source.ts";

/** What both of CryptoCompare's APIs answer. */
export type CryptoCompareApi = Required<Pick<CandleSource, "fetchPage" | "rankCoins">>;

export interface CryptoCompareApiOptions {
  readonly baseUrl: string;
  /** It travels in a header, so that no address holds it. */
  readonly apiKey: string;
  readonly now: () => number;
}
