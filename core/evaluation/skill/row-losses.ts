import type { LossName } from "../../vocabulary/model-names.ts";

const MOST_CERTAIN = 1 - 1e-15;

/** Loss of one prediction. A skill compares sums of losses, so `rmse` is the squared error here; the root is taken of the sum. */
export function rowLoss(loss: LossName, prediction: number, truth: number): number {
  switch (loss) {
    case "rmse":
    case "brier":
      return (truth - prediction) ** 2;
    case "mae":
      return Math.abs(truth - prediction);
    case "log_loss":
      return -Math.log(Math.min(MOST_CERTAIN, Math.max(1 - MOST_CERTAIN, truth > 0.5 ? prediction : 1 - prediction)));
  }
}

/** Sums of losses by date; the rows are in order of date. */
export function lossesByDate(
  rows: Int32Array,
  { dateOf, dates, loss }: { dateOf: Int32Array; dates: number; loss: (row: number) => number },
): Float64Array {
  const sums = new Float64Array(dates);
  for (let i = 0; i < rows.length; i++) sums[dateOf[i]] += loss(rows[i]);
  return sums;
}

/** The number, from 0, of each row's date. */
export function numberDates(openTime: Float64Array, rows: Int32Array): { dateOf: Int32Array; dates: number } {
  let dates = 0;
  const dateOf = rows.map((row, i) => (i > 0 && openTime[row] !== openTime[rows[i - 1]] ? ++dates : dates));
  return { dateOf, dates: rows.length > 0 ? dates + 1 : 0 };
}
