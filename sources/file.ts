import { UnknownSymbolError } from "../core/vocabulary/errors.ts";
import type { CandlePage, CandleSource, PageRequest } from "./candle-source.ts";

/**
 * The candles that were imported from files and nothing else: it has no more than what is stored already, so that a run on
 * it asks nobody.
 */
export function createFileSource(): CandleSource {
  return {
    name: "file",
    requestsPerSecond: 100,
    // It serves no history, so none is asked of it in place of another source's.
    newestOnly: 1,
    async fetchPage({ symbol, interval, range }: PageRequest): Promise<CandlePage> {
      if (range.from === 0)
        throw new UnknownSymbolError(`no ${interval} candles of ${symbol} are stored; \`candlecast import\` takes files in`);
      return { rows: [], covered: { from: range.to, to: range.to }, next: null, servedAt: null };
    },
  };
}
