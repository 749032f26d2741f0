import { Z95 } from "./curve.ts";
import type { IntervalCoverage } from "./report.ts";

export interface CoverageShare {
  /** start of the test stretch, ISO 8601 */
  readonly from: string;
  readonly to: string;
  /** predictions with an interval, and those whose outcome was within it */
  readonly n: number;
  readonly covered: number;
  /** covered / n; null where no prediction had an interval */
  readonly share: number | null;
  /** how far from the nominal share 95 % of such shares are by chance alone; 0 where there is no share */
  readonly spread: number;
}

/** The share of outcomes within the intervals, by test stretch. */
export function coverageShares({ folds, nominal }: Pick<IntervalCoverage, "folds" | "nominal">): CoverageShare[] {
  return folds.map(({ from, to, n, covered }) => ({
    from,
    to,
    n,
    covered,
    share: n > 0 ? covered / n : null,
    spread: n > 0 ? Z95 * Math.sqrt((nominal * (1 - nominal)) / n) : 0,
  }));
}
