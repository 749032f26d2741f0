import { mean } from "../evaluation/metrics/summary.ts";
import type { CurveBin } from "./report.ts";

/** Standard deviations to either side of the mean that hold 95 % of a normal distribution. */
export const Z95 = 1.959964;

/**
 * Predictions in groups of equal size, from the smallest to the largest, with the outcomes of each group.
 *
 * @param interval the 95 % interval of a group's mean: `normal` for numbers, `wilson` for outcomes 0 and 1
 * @returns at most `groups` groups; fewer where there are fewer predictions
 */
export function reliabilityCurve(
  predicted: Float64Array,
  actual: Float64Array,
  { groups, interval }: { groups: number; interval: "normal" | "wilson" },
): CurveBin[] {
  const order = Array.from(predicted, (_, i) => i).sort((a, b) => predicted[a] - predicted[b] || a - b);
  const count = Math.min(groups, order.length);
  return Array.from({ length: count }, (_, group): CurveBin => {
    const members = order.slice(Math.round((group * order.length) / count), Math.round(((group + 1) * order.length) / count));
    const outcomes = members.map((i) => actual[i]);
    const [lower, upper] = interval === "wilson" ? wilson(outcomes) : normal(outcomes);
    return { n: members.length, predicted: mean(members.map((i) => predicted[i])), actual: mean(outcomes), lower, upper };
  });
}

function normal(values: readonly number[]): [number | null, number | null] {
  if (values.length < 2) return [null, null];
  const center = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  const half = Z95 * Math.sqrt(variance / values.length);
  return [center - half, center + half];
}

/** Wilson 1927: stays within 0 and 1, and has a width even if all outcomes are the same. */
function wilson(outcomes: readonly number[]): [number, number] {
  const n = outcomes.length;
  const share = mean(outcomes);
  const weight = Z95 ** 2 / n;
  const center = (share + weight / 2) / (1 + weight);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / n + weight / (4 * n))) / (1 + weight);
  return [center - half, center + half];
}
