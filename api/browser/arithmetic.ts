import { createRandom } from "../../core/random.ts";
import { sha256Hex } from "./sha256.ts";

/** So many values of each function are compared. */
const SAMPLES = 4_096;

/** What `core/` makes features and forecasts with, and IEEE 754 doesn't fix to the last bit; and two that it does. */
const FUNCTIONS: Readonly<Record<string, (x: number) => number>> = {
  exp: (x) => Math.exp(x),
  log: (x) => Math.log(Math.abs(x)),
  sin: (x) => Math.sin(x),
  cos: (x) => Math.cos(x),
  square: (x) => x ** 2,
  sqrt: (x) => Math.sqrt(Math.abs(x)),
};

/** A digest of the bits of each function's values at the same places, between -10 and 10. */
export function arithmeticDigests(): Readonly<Record<string, string>> {
  const random = createRandom(20_090_103);
  const places = Float64Array.from({ length: SAMPLES }, () => 20 * (random.next() - 0.5) * 10 ** -random.int(4));
  const digest = (compute: (x: number) => number) => sha256Hex(new Uint8Array(places.map((x) => compute(x)).buffer)).slice(0, 16);
  return Object.fromEntries(Object.entries(FUNCTIONS).map(([name, compute]) => [name, digest(compute)]));
}
