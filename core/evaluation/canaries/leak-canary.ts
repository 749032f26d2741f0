import type { CandleSeries } from "../../candles/candle-series.ts";
import { sliceSeries } from "../../candles/series-verbs.ts";
import type { FeatureMatrix } from "../../features/feature-matrix.ts";
import type { Random } from "../../random.ts";
import { LeakDetectedError } from "../../vocabulary/errors.ts";

export interface CanaryOptions {
  readonly compute: (series: CandleSeries) => FeatureMatrix;
  /** how many past moments are checked */
  readonly samples: number;
  readonly random: Random;
}

/**
 * Computes features again at random moments, without the candles after them. A feature whose value at the moment is not the
 * same to the bit has seen later candles.
 *
 * @throws {LeakDetectedError} naming the feature, the symbol and the moment
 */
export function checkFeaturesKeepPast(series: CandleSeries, whole: FeatureMatrix, { compute, samples, random }: CanaryOptions): void {
  for (let sample = 0; sample < samples && series.length > 1; sample++) {
    const length = 1 + random.int(series.length - 1);
    const past = compute(sliceSeries(series, 0, length));
    const row = length - 1;
    const columns = [
      ["volatility", whole.volatility, past.volatility] as const,
      ...whole.names.map((name, f) => [name, whole.columns[f], past.columns[f]] as const),
    ];
    for (const [name, withFuture, without] of columns) {
      if (Object.is(withFuture[row], without[row])) continue;
      const moment = new Date(series.openTime[row]).toISOString();
      throw new LeakDetectedError(
        `feature ${name} of ${series.symbol} sees the future: at ${moment} it is ${withFuture[row]}, but ${without[row]} without later candles`,
      );
    }
  }
}
