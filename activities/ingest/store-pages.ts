import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { concatSeries } from "../../core/candles/series-verbs.ts";
import { NOTHING_UPSERTED, type Upserted, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";

interface Waiting {
  readonly series: CandleSeries;
  readonly stored: PromiseWithResolvers<Upserted>;
}

/**
 * Stores one coin's pages in the order in which they come. Those that come while others are being stored are stored together, so that a
 * file that several of them belong to is read and written once.
 *
 * @returns stores a page; what became of pages that were stored together is told to the first of them
 */
export function pageWriter(store: ObjectStore): (series: CandleSeries) => Promise<Upserted> {
  let waiting: Waiting[] = [];
  let isAtWork = false;
  const work = async () => {
    isAtWork = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const [{ series }] = batch;
        const whole =
          batch.length === 1
            ? series
            : concatSeries(
                series,
                batch.map((page) => page.series),
              );
        const upserted = await upsertCandles(store, whole);
        batch.forEach(({ stored }, i) => {
          stored.resolve(i === 0 ? upserted : NOTHING_UPSERTED);
        });
      } catch (error) {
        for (const { stored } of batch) stored.reject(error);
      }
    }
    isAtWork = false;
  };
  return (series) => {
    if (series.length === 0) return Promise.resolve(NOTHING_UPSERTED);
    const stored = Promise.withResolvers<Upserted>();
    waiting.push({ series, stored });
    if (!isAtWork) void work();
    return stored.promise;
  };
}
