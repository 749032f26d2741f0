import { candleFeatureSet } from "../features/feature-set.ts";
import { showNumber } from "../features/show-values.ts";
import type { Interval } from "../vocabulary/interval.ts";

/** What people call a feature, and how its values are written for them. */
export interface FeatureWords {
  readonly label: string;
  readonly show: (value: number) => string;
}

const UNITS: Readonly<Record<Interval, string>> = { "1d": "day", "1h": "hour", "1m": "minute" };

/** The words of a feature's definition. A feature that is not in the set keeps its name. */
export function wordsFor(name: string, interval: Interval): FeatureWords {
  const feature = candleFeatureSet.features.find((feature) => feature.name === name);
  return feature ? { label: feature.label(UNITS[interval]), show: feature.show } : { label: name, show: showNumber };
}
