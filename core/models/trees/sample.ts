import type { Random } from "../../random.ts";

/**
 * `count` of the numbers 0 … n − 1 without repetition, ascending.
 *
 * @param chosen room for them, so that one array serves many samples
 */
export function sampleWithout(n: number, count: number, random: Random, chosen: Int32Array = new Int32Array(count)): Int32Array {
  let at = 0;
  for (let i = 0; i < n && at < count; i++) {
    if (random.next() * (n - i) < count - at) chosen[at++] = i;
  }
  return chosen;
}

/**
 * How often each of n rows is drawn in n draws with repetition (the bootstrap).
 *
 * @param counts room for them, so that one array serves many samples
 */
export function bootstrapCounts(n: number, random: Random, counts: Float64Array = new Float64Array(n)): Float64Array {
  counts.fill(0);
  for (let i = 0; i < n; i++) counts[random.int(n)]++;
  return counts;
}
