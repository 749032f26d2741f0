import type { Random } from "../../random.ts";

const REPLICATES = 1_000;
/** Mean length of a block in dates, to which the horizon is added. */
const BLOCK_DATES = 10;

/** Resamples of a series of dates: each replicate is a list of blocks that together have as many dates as the series. */
export interface DateDraws {
  readonly dates: number;
  /** the blocks of replicate r are numbers `offsets[r] … offsets[r + 1] − 1` */
  readonly offsets: Int32Array;
  /** first date of each block */
  readonly starts: Int32Array;
  /** date after the last of each block; beyond `dates` a block continues at the first date */
  readonly ends: Int32Array;
}

/** A sum over dates: over the series itself, and over each replicate. */
export interface ResampledSum {
  readonly total: number;
  readonly replicates: Float64Array;
}

/**
 * The stationary block bootstrap over dates (Politis and Romano 1994): blocks start anywhere, wrap around and have geometric
 * lengths, so neighbouring dates, which depend on each other, stay together. All sums over the same dates can share the draws.
 */
export function drawDates(dates: number, { horizon, random }: { horizon: number; random: Random }): DateDraws {
  const goOn = Math.log(1 - 1 / (BLOCK_DATES + horizon));
  const offsets = new Int32Array(REPLICATES + 1);
  const starts: number[] = [];
  const ends: number[] = [];
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    for (let left = dates; left > 0; ) {
      const start = random.int(dates);
      const length = Math.min(left, 1 + Math.floor(Math.log(1 - random.next()) / goOn));
      starts.push(start);
      ends.push(start + length);
      left -= length;
    }
    offsets[replicate + 1] = starts.length;
  }
  return { dates, offsets, starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
}

/** @param values one per date, in the order of dates */
export function resampleSum({ dates, offsets, starts, ends }: DateDraws, values: Float64Array): ResampledSum {
  const before = new Float64Array(2 * dates + 1);
  for (let i = 0; i < 2 * dates; i++) before[i + 1] = before[i] + values[i < dates ? i : i - dates];
  const replicates = new Float64Array(offsets.length - 1);
  for (let replicate = 0; replicate < replicates.length; replicate++) {
    let sum = 0;
    for (let block = offsets[replicate]; block < offsets[replicate + 1]; block++) sum += before[ends[block]] - before[starts[block]];
    replicates[replicate] = sum;
  }
  return { total: before[dates], replicates };
}
