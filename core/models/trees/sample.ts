import type { Random } from "../../random.ts";

/** `count` of the numbers 0 … n − 1 without repetition, ascending. */
export function sampleWithout(n: number, count: number, random: Random): Int32Array {
  const chosen = new Int32Array(count);
  let at = 0;
  for (let i = 0; i < n && at < count; i++) {
    if (random.next() * (n - i) < count - at) chosen[at++] = i;
  }
  return chosen;
}

/** How often each of n rows is drawn in n draws with repetition (the bootstrap). */
export function bootstrapCounts(n: number, random: Random): Float64Array {
  const counts = new Float64Array(n);
  for (let i = 0; i < n; i++) counts[random.int(n)]++;
  return counts;
}
