import { readDoubles } from "./doubles.ts";

/** How two learners' hold-out errors differ. */
export interface ErrorComparison {
  /** ours / theirs − 1, of the root mean squared error */
  readonly difference: number;
  /** of `difference`, from the rows' paired differences */
  readonly standardError: number;
  /** Whether ours is not worse by more than noise, or by no more than 1 %. */
  readonly equal: boolean;
  readonly text: string;
}

const TOLERANCE = 0.01;

/** Compares squared errors of the same rows, stored one double a row. */
export function compareErrors(oursFile: string, theirsFile: string): ErrorComparison {
  const ours = readDoubles(oursFile);
  const theirs = readDoubles(theirsFile);
  if (ours.length !== theirs.length) throw new Error(`${oursFile} has ${ours.length} errors, ${theirsFile} ${theirs.length}`);
  const n = ours.length;
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / n;
  const meanOurs = mean(ours);
  const meanTheirs = mean(theirs);
  const gap = meanOurs - meanTheirs;
  const variance = mean(ours.map((value, i) => (value - theirs[i] - gap) ** 2));
  const difference = Math.sqrt(meanOurs / meanTheirs) - 1;
  // the square root halves relative differences
  const standardError = Math.sqrt(variance / n) / meanTheirs / 2;
  const text = `RMSE ${Math.sqrt(meanOurs).toFixed(4)} / ${Math.sqrt(meanTheirs).toFixed(4)} (${percent(difference)} ± ${percent(standardError).replace("+", "")})`;
  return { difference, standardError, equal: difference <= Math.max(2 * standardError, TOLERANCE), text };
}

export function percent(share: number): string {
  return `${share < 0 ? "−" : "+"}${Math.abs(100 * share).toFixed(2)} %`;
}
