import { createHash } from "node:crypto";
import { calendarFeatures } from "./calendar-features.ts";
import { candleShapeFeatures } from "./candle-shape-features.ts";
import type { FeatureDefinition } from "./feature.ts";
import { momentumFeatures } from "./momentum-features.ts";
import { returnFeatures } from "./return-features.ts";
import { trendFeatures } from "./trend-features.ts";
import { volatilityFeatures } from "./volatility-features.ts";
import { volumeFeatures } from "./volume-features.ts";

export interface FeatureSet {
  readonly name: string;
  /** sha256 in hex over name, lookback and version of each feature, in order */
  readonly digest: string;
  readonly features: readonly FeatureDefinition[];
}

/** A list of features with a digest of its content, so that another definition has another digest. */
export function createFeatureSet(name: string, features: readonly FeatureDefinition[]): FeatureSet {
  const definitions = features.map(({ name, lookback, version }) => ({ name, lookback, version }));
  return { name, digest: createHash("sha256").update(JSON.stringify(definitions)).digest("hex"), features };
}

/** The features of candles of any interval, which all models learn from. Its name in files and manifests is "daily". */
export const candleFeatureSet: FeatureSet = createFeatureSet("daily", [
  ...trendFeatures,
  ...momentumFeatures,
  ...volumeFeatures,
  ...volatilityFeatures,
  ...returnFeatures,
  ...candleShapeFeatures,
  ...calendarFeatures,
]);
