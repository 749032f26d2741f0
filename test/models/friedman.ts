import type { TrainingSet } from "../../core/models/training-set.ts";
import { createRandom } from "../../core/random.ts";

/** Friedman's first benchmark (1991): five informative of ten uniform features, noise of deviation 1. */
export function friedman1(rows: number, seed: number): TrainingSet {
  const random = createRandom(seed);
  const columns = Array.from({ length: 10 }, () => Float64Array.from({ length: rows }, () => random.next()));
  const [a, b, c, d, e] = columns;
  const target = Float64Array.from(
    { length: rows },
    (_, i) => 10 * Math.sin(Math.PI * a[i] * b[i]) + 20 * (c[i] - 0.5) ** 2 + 10 * d[i] + 5 * e[i] + random.normal(),
  );
  return { names: columns.map((_, i) => `x${i}`), columns, rows, target };
}

/** The same data as a question of two classes: above the middle or not. */
export function friedmanClasses(rows: number, seed: number): TrainingSet {
  const set = friedman1(rows, seed);
  return { ...set, target: set.target.map((value) => Number(value > 14)) };
}
