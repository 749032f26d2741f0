import type { Random } from "../../random.ts";
import { LeakDetectedError } from "../../vocabulary/errors.ts";
import { intervalMs } from "../../vocabulary/interval.ts";
import { areaUnderCurve } from "../metrics/classification-metrics.ts";
import type { Pool } from "../pool.ts";
import { runFold } from "../run-fold.ts";
import type { FoldPlan } from "../walk-forward.ts";

/** How many rows are checked: enough to see any leak, and few enough to cost little. */
const MAX_ROWS = 800;
/** With fewer rises or falls than this, a feature can't be judged. */
const MIN_EACH = 20;
/** No honest feature separates rises from falls this well; measured in docs/decisions/0007. */
const IMPOSSIBLE_AREA = 0.95;
/** Some feature has to separate rises from falls of the past at least this well. */
const VISIBLE_AREA = 0.8;
/** With a longer horizon, the past return spans more candles than features look back, so none of them can see it. */
const VISIBLE_HORIZON = 60;
/** How many random columns a model can recognise rows by that it has learned from. */
const FINGERPRINTS = 120;
/** Training rows per test row. */
const TRAINING_SHARE = 1 / 3;
const MIN_LEARNED = 60;
/** Labels of random sign are predicted this well with a probability of at most exp(−5² / 2) = 3.7 × 10⁻⁶ (Hoeffding 1963). */
const IMPOSSIBLE_GAIN = 5;

/**
 * Checks on a sample of a training's rows that no label leaks:
 * - no feature knows the label;
 * - the same check finds the label after it was shifted into the past, where features do know it, so the check works;
 * - a model can't predict labels of test rows that were permuted and given random signs, so it wasn't trained on them.
 *
 * @throws {LeakDetectedError} naming the feature, or the fold whose training rows include test rows
 */
export function checkLabels(pool: Pool, folds: readonly FoldPlan[], random: Random): void {
  const coins = pool.symbols.join(", ");
  const fold = folds[folds.length - 1];
  const rows = spread(0, fold.testTo, MAX_ROWS);
  const known = mostSeparating(pool, rows, pool.actual);
  if (known && known.area >= IMPOSSIBLE_AREA) {
    throw new LeakDetectedError(
      `feature ${known.name} of ${coins} knows the label: it separates rises from falls with an area under the curve of ${known.area.toFixed(3)}`,
    );
  }
  const shifted = pool.horizon <= VISIBLE_HORIZON ? mostSeparating(pool, rows, pastReturns(pool)) : null;
  if (shifted && shifted.area < VISIBLE_AREA) {
    throw new LeakDetectedError(
      `the leak canary is blind to ${coins}: no feature knows the return of the last ${pool.horizon} candles; ${shifted.name} comes nearest with an area under the curve of ${shifted.area.toFixed(3)}`,
    );
  }
  const gain = gainOfPermuted(pool, fold, random);
  if (gain > IMPOSSIBLE_GAIN) {
    throw new LeakDetectedError(
      `the last fold of ${coins} was trained on rows that it is tested on: permuted labels are predicted with a gain of ${gain.toFixed(1)} deviations`,
    );
  }
}

/** At most `most` of the rows `from … to − 1`, evenly spaced. */
function spread(from: number, to: number, most: number): Int32Array {
  const n = Math.min(most, to - from);
  return Int32Array.from({ length: n }, (_, i) => from + Math.floor((i * (to - from)) / n));
}

/** The feature that separates rises of `label` best from falls; null if there are too few of either. */
function mostSeparating({ names, columns }: Pool, rows: Int32Array, label: Float64Array): { name: string; area: number } | null {
  let best: { name: string; area: number } | null = null;
  columns.forEach((column, f) => {
    const moved = rows.filter((row) => Math.abs(label[row]) > 0 && !Number.isNaN(column[row]));
    const rises = moved.filter((row) => label[row] > 0).length;
    if (rises < MIN_EACH || moved.length - rises < MIN_EACH) return;
    const area = areaUnderCurve(
      Float64Array.from(moved, (row) => column[row]),
      Float64Array.from(moved, (row) => Number(label[row] > 0)),
    );
    const either = Math.max(area ?? 0.5, 1 - (area ?? 0.5));
    if (!best || either > best.area) best = { name: names[f], area: either };
  });
  return best;
}

/** The return of the last `horizon` candles, which was the label that many candles ago; NaN where that row is missing. */
function pastReturns({ openTime, symbolIndex, symbols, actual, interval, horizon }: Pool): Float64Array {
  const lag = horizon * intervalMs(interval);
  const rows: number[][] = symbols.map(() => []);
  const next = symbols.map(() => 0);
  return openTime.map((time, row) => {
    const coin = symbolIndex[row];
    const own = rows[coin];
    own.push(row);
    while (openTime[own[next[coin]]] + lag < time) next[coin]++;
    const before = own[next[coin]];
    return openTime[before] + lag === time ? actual[before] : Number.NaN;
  });
}

/**
 * How well a fold predicts labels that were permuted and given random signs, in standard deviations of a fold that can't. Only
 * the newest training rows are used, a third as many as test rows: in a fold that leaks, most training rows are test rows then.
 */
function gainOfPermuted(pool: Pool, { trainTo, testFrom, testTo, index }: FoldPlan, random: Random): number {
  const learned = Math.max(MIN_LEARNED, Math.ceil(TRAINING_SHARE * (testTo - testFrom)));
  const rows = spread(Math.max(0, Math.min(trainTo, testFrom) - learned), testTo, MAX_ROWS);
  const n = rows.length;
  const place = (end: number) => rows.filter((row) => row < end).length;
  const size = Float64Array.from(rows, (row) => Math.abs(pool.actual[row]) / pool.scale[row]);
  for (let i = n - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [size[i], size[j]] = [size[j], size[i]];
  }
  const label = size.map((value) => (random.next() < 0.5 ? -value : value));
  const noise = () => Float64Array.from({ length: n }, () => random.next() - 0.5);
  const fingerprints = Array.from({ length: FINGERPRINTS }, noise);
  const permuted: Pool = {
    ...pool,
    names: fingerprints.map((_, i) => `fingerprint ${i}`),
    columns: fingerprints,
    symbolIndex: Int32Array.from(rows, (row) => pool.symbolIndex[row]),
    openTime: Float64Array.from(rows, (row) => pool.openTime[row]),
    actual: label,
    scale: new Float64Array(n).fill(1),
  };
  const plan = { index, trainTo: place(trainTo), testFrom: place(testFrom), testTo: n };
  const { rows: tested, prediction } = runFold(permuted, plan, "linear_regression", { scope: "coin", seed: 0 });
  let gain = 0;
  let squares = 0;
  tested.forEach((row, i) => {
    gain += label[row] * prediction[i];
    squares += (label[row] * prediction[i]) ** 2;
  });
  return squares > 0 ? gain / Math.sqrt(squares) : 0;
}
