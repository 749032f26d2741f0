import { compared, type Step, unchecked } from "./step.ts";

/** A clock may be off by so much, and caches may keep an answer for some minutes. */
const TOLERANCE_MS = 600_000;

/**
 * Whether the server's clock, by which it tells that a candle is too old, is about the same as this one.
 *
 * @param own ms UTC
 * @param servers ms UTC; null where the server didn't say
 */
export function checkClock(own: number, servers: number | null): Step {
  const name = "clock";
  const what = "the server's clock, by which an answer can be too old, against this one";
  if (servers === null) return unchecked(name, what, "The server didn't say what time it is.");
  const isNear = Math.abs(own - servers) <= TOLERANCE_MS;
  return compared(name, what, isNear ? [] : [{ of: name, expected: new Date(own).toISOString(), found: new Date(servers).toISOString() }]);
}
