import { arithmeticDigests } from "./arithmetic.ts";
import { compared, type Step } from "./step.ts";

/** Set when the bundle is made, by the Node that makes it; not there outside of a bundle. */
declare const CANDLECAST_ARITHMETIC: Readonly<Record<string, string>> | undefined;

/**
 * Whether this engine's mathematical functions give the same last bits as those of the service. The language leaves them to
 * engines, so another browser may differ from it without anyone being wrong.
 */
export function checkArithmetic(): Step {
  const found = arithmeticDigests();
  const expected = typeof CANDLECAST_ARITHMETIC === "undefined" ? found : CANDLECAST_ARITHMETIC;
  const differences = Object.keys(expected)
    .filter((name) => expected[name] !== found[name])
    .map((name) => ({ of: `Math.${name}`, expected: expected[name], found: found[name] }));
  const note = differences.length > 0 ? "This browser rounds these functions otherwise, so forecasts may differ in their last bits." : null;
  return compared("arithmetic", "last bits of this browser's mathematical functions, against those of Node", differences, note);
}
