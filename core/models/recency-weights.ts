const DAY_MS = 86_400_000;

/**
 * Weights that halve with every half-life before the newest row, 1 on average.
 *
 * @param time n times, ms UTC, ascending
 * @returns n weights
 */
export function recencyWeights(time: Float64Array, halfLifeDays: number): Float64Array {
  const newest = time[time.length - 1];
  const weight = time.map((at) => Math.exp(((at - newest) / DAY_MS / halfLifeDays) * Math.LN2));
  let sum = 0;
  for (const value of weight) sum += value;
  return weight.map((value) => (value * time.length) / sum);
}
