/** A row is learned from, judged on and predicted for only where at least this share of its features is known. */
const MIN_KNOWN_SHARE = 0.5;

/** Whether predictions of a row can be scaled. */
export function hasVolatility(volatility: number): boolean {
  return volatility > 0;
}

/** How many features of a row are known. */
export function countKnown(columns: readonly Float64Array[], row: number): number {
  let known = 0;
  for (const column of columns) if (!Number.isNaN(column[row])) known++;
  return known;
}

/** Whether so many known features, of all, are enough. */
export function areEnough(known: number, all: number): boolean {
  return known >= MIN_KNOWN_SHARE * all;
}
