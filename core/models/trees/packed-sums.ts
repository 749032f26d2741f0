/** How a sum of weights and a sum of weighted targets share one double; see {@link packRows}. */
export interface Packing {
  /** a weight's place: a packed sum is units × `factor` + the sum of scaled targets, which is below `factor` / 2 */
  readonly factor: number;
  /** weight of one unit */
  readonly unit: number;
}

/** Weights that are not whole numbers are rounded to this part of the largest. */
const WEIGHT_STEPS = 1_024;
/** One less than a double's 53, for the sign of the targets' sum. */
const USABLE_BITS = 52;

/**
 * Packs each row's weight and target into one double, as whole numbers: sums over rows are then exact in any order, so are
 * differences of sums, and a histogram needs one addition a row. Targets are rounded to about 2^−30 of their mean size
 * for thousands of rows, 2^−20 for millions; only the choice of cuts sees the rounding, never a leaf's value.
 *
 * @param packed gets the packed values of the rows in `order`
 * @param target per row
 * @param weight per row, above 0 for rows in `order`
 * @param centred whether targets may be shifted to a mean of 0, which changes no gain where leaves aren't shrunk
 */
export function packRows(packed: Float64Array, order: Int32Array, target: Float64Array, weight: Float64Array, centred: boolean): Packing {
  const unit = weightUnit(order, weight);
  let units = 0;
  let sum = 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    const u = toUnits(weight[row], unit);
    units += u;
    sum += u * target[row];
  }
  const offset = centred && units > 0 ? sum / units : 0;
  let size = 0;
  for (let i = 0; i < order.length; i++) size += toUnits(weight[order[i]], unit) * Math.abs(target[order[i]] - offset);
  const factor = 2 ** (USABLE_BITS - Math.ceil(Math.log2(units + 1)));
  const room = factor / 2 - units / 2 - 1;
  const scale = size > 0 && room > 0 ? room / size : 0;
  const usable = Number.isFinite(scale) ? scale : 0;
  for (let i = 0; i < order.length; i++) {
    const row = order[i];
    packed[row] = toUnits(weight[row], unit) * (factor + Math.round((target[row] - offset) * usable));
  }
  return { factor, unit };
}

function toUnits(weight: number, unit: number): number {
  return unit === 1 ? weight : Math.max(1, Math.round(weight / unit));
}

function weightUnit(order: Int32Array, weight: Float64Array): number {
  let largest = 0;
  let whole = true;
  for (let i = 0; i < order.length; i++) {
    const w = weight[order[i]];
    if (w > largest) largest = w;
    if (w !== Math.floor(w)) whole = false;
  }
  return whole ? 1 : largest / WEIGHT_STEPS;
}
