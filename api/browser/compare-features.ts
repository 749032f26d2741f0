import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { Difference } from "./step.ts";

/** So many differing columns are listed. */
const MOST = 5;

/** Compares every value of two feature matrices bit for bit; all NaNs are one. Lists the newest difference of each column. */
export function compareFeatures(key: string, stored: FeatureMatrix, made: FeatureMatrix): Difference[] {
  const heads = ["symbol", "interval"] as const;
  const differences: Difference[] = heads
    .filter((head) => stored[head] !== made[head])
    .map((head) => ({ of: `${key}: ${head}`, expected: stored[head], found: made[head] }));
  const [expected, found] = [columnsOf(stored), columnsOf(made)];
  if (stored.featureSet.digest !== made.featureSet.digest || [...expected.keys()].join() !== [...found.keys()].join())
    return [...differences, { of: `${key}: feature set`, expected: stored.featureSet.digest, found: made.featureSet.digest }];
  for (const [name, column] of expected) {
    if (differences.length === MOST) break;
    const difference = compareColumn(`${key}: ${name}`, column, found.get(name) as Float64Array);
    if (difference) differences.push(difference);
  }
  return differences;
}

function columnsOf({ openTime, close, volatility, names, columns }: FeatureMatrix): Map<string, Float64Array> {
  const features = names.map((name, i) => [name, columns[i]] as const);
  return new Map<string, Float64Array>([["open_time", openTime], ["close", close], ["volatility", volatility], ...features]);
}

function compareColumn(name: string, expected: Float64Array, found: Float64Array): Difference | null {
  if (expected.length !== found.length) return { of: name, expected: `${expected.length} rows`, found: `${found.length} rows` };
  for (let row = expected.length - 1; row >= 0; row--)
    if (!Object.is(expected[row], found[row]))
      return { of: `${name}, row ${row}`, expected: String(expected[row]), found: String(found[row]) };
  return null;
}
