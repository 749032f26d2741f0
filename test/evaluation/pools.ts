import type { Pool } from "../../core/evaluation/pool.ts";
import { createRandom } from "../../core/random.ts";

const DAY = 86_400_000;

/** A pool of made-up coins: the forward return is `signal` × the first feature's sign-bearing value plus noise. */
export function makePool({ symbols = ["AAA", "BBB", "CCC"], days = 400, signal = 0, seed = 1, horizon = 1 }): Pool {
  const random = createRandom(seed);
  const n = symbols.length * days;
  const columns = Array.from({ length: 6 }, () => Float64Array.from({ length: n }, () => random.normal()));
  const scale = Float64Array.from({ length: n }, (_, row) => 0.02 * (1 + (row % symbols.length)) * Math.sqrt(horizon));
  return {
    symbols,
    interval: "1d",
    horizon,
    featureSet: { name: "made-up", digest: "none" },
    names: columns.map((_, f) => `f${f}`),
    columns,
    symbolIndex: Int32Array.from({ length: n }, (_, row) => row % symbols.length),
    openTime: Float64Array.from({ length: n }, (_, row) => Date.UTC(2018, 0, 1) + Math.floor(row / symbols.length) * DAY),
    scale,
    actual: Float64Array.from({ length: n }, (_, row) => scale[row] * (signal * columns[0][row] + random.normal())),
  };
}
