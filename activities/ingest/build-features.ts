import { findGaps } from "../../core/candles/gaps.ts";
import { jumpText } from "../../core/candles/suspect-jump-text.ts";
import { continuousSeries } from "../../core/candles/suspect-jumps.ts";
import { checkFeaturesKeepPast } from "../../core/evaluation/canaries/leak-canary.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { createRandom, seedFrom } from "../../core/random.ts";
import { NotEnoughDataError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import type { SuspectJump } from "../../core/vocabulary/suspect-jump.ts";
import { isSimulated } from "../../core/vocabulary/symbol.ts";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { writeSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import type { ActivityDependencies } from "../dependencies.ts";

/** Fewer candles than this leave no fold to test on after the features' warm-up. */
export const MIN_CANDLES = 200;

/** Moments at which each run checks whether a feature sees the future. */
const CANARIES = 2;

export interface BuildFeaturesInput {
  readonly symbol: string;
  readonly interval: Interval;
  readonly asOf: string;
  readonly source: string;
}

/** What a symbol's candles cover. */
export interface CandleSpan {
  readonly rows: number;
  /** Candles missing in between. */
  readonly missing: number;
  /** ISO 8601 */
  readonly firstOpenTime: string;
  /** ISO 8601 */
  readonly lastOpenTime: string;
  /** Where prices jump as no market does: what is not behind them is not used. */
  readonly suspectJumps: readonly SuspectJump[];
}

export interface BuiltFeatures {
  /** The stored description of candles and features. */
  readonly snapshot: ObjectRef;
  readonly candles: CandleSpan;
}

/**
 * Computes the features of all candles that had closed at `asOf`, and stores them. The same candles give the same
 * bytes under the same key. Where prices jump as no market does, only the candles behind the last jump are used.
 *
 * @throws {NotEnoughDataError} if there are fewer than 200 candles
 * @throws {LeakDetectedError} if a feature sees the future
 */
export async function buildFeatures({ store }: ActivityDependencies, input: BuildFeaturesInput): Promise<BuiltFeatures> {
  const { symbol, interval, source } = input;
  const { series: stored, objects } = await loadSeries(store, symbol, interval, { asOf: Date.parse(input.asOf) });
  const { series, jumps } = continuousSeries(stored);
  if (series.length < MIN_CANDLES) {
    const why = jumps.length > 0 ? ` (suspect_jump ${jumps.map(jumpText).join("; ")})` : "";
    throw new NotEnoughDataError(
      `${symbol} has ${series.length} closed ${interval} candles as of ${input.asOf}${why}; models need at least ${MIN_CANDLES}`,
    );
  }
  const matrix = computeFeatures(series);
  checkFeaturesKeepPast(series, matrix, {
    compute: computeFeatures,
    samples: CANARIES,
    random: createRandom(seedFrom(symbol, input.asOf)),
  });
  const bytes = encodeFeatures(matrix);
  const features = await putImmutable(store, keyOf("features", { symbol, digest: sha256Hex(bytes) }), bytes, series.length);
  const candles = {
    rows: stored.length,
    missing: findGaps(stored.openTime, interval).reduce((sum, gap) => sum + gap.missing, 0),
    firstOpenTime: new Date(stored.openTime[0]).toISOString(),
    lastOpenTime: new Date(stored.openTime[stored.length - 1]).toISOString(),
    suspectJumps: jumps,
  };
  const snapshot = await writeSnapshot(store, {
    symbol,
    source,
    simulated: isSimulated(symbol),
    candles: { objects, ...candles },
    features,
  });
  return { snapshot, candles };
}
