/*
 * A weight and a weighted target share one double, so that a histogram needs one addition per row instead of two.
 *
 * A double represents every whole number up to 2^53 exactly. A row's weight becomes a whole number of units and its target a
 * whole number of steps, and the row is stored as
 *
 *     packed = units × (factor + steps),   factor a power of two
 *
 * The sum over some rows is then Σ units × factor + Σ units × steps. As long as the second part stays below factor / 2, rounding
 * sum / factor to the nearest whole number gives the first part back, and what is left is the second. No sum of these whole
 * numbers ever exceeds 2^53, so every sum is exact: it does not depend on the order of the additions, and a difference of two
 * sums (parent − child) is exact as well.
 *
 * The price is precision of the targets. For n rows of weight 1, units take log2(n) of the 52 usable bits, and the sum of the
 * targets has to fit into the rest: a target is rounded to about n² × 2^−51 of the mean size of a target, which is 2^−31 for a
 * thousand rows and 2^−11 for a million. Only the choice of cuts sees this rounding. A leaf's value is computed from the targets
 * themselves.
 */

/** The rows that a tree learns from. */
export interface TreeRows {
  /** their numbers; growing a tree reorders them so that a leaf's rows lie side by side */
  readonly order: Int32Array;
  /** per row of the matrix */
  readonly target: Float64Array;
  /** per row of the matrix, above 0 for the rows in `order` */
  readonly weight: Float64Array;
}

/** How packed sums are taken apart again. */
export interface Packing {
  /** a packed sum is units × `factor` + steps, and |steps| is below `factor` / 2 */
  readonly factor: number;
  /** the weight that one unit stands for */
  readonly unit: number;
}

/** Weights that are not whole numbers are rounded to this part of the largest. */
const WEIGHT_STEPS = 1_024;
/** One bit fewer than the 53 of a double, for the sign of the targets' sum. */
const USABLE_BITS = 52;

/** One packed value per row of a matrix. */
export class PackedRows {
  readonly values: Float64Array;

  /** @param rows number of rows in the matrix */
  constructor(rows: number) {
    this.values = new Float64Array(rows);
  }

  /** @param centred whether targets may be shifted to a mean of 0, which changes no gain where leaves aren't shrunk */
  pack({ order, target, weight }: TreeRows, centred: boolean): Packing {
    const packed = this.values;
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
    // Rounding moves the sum of the steps by up to half a step per unit.
    const room = factor / 2 - units / 2 - 1;
    const scale = size > 0 && room > 0 ? room / size : 0;
    const stepsPerTarget = Number.isFinite(scale) ? scale : 0;
    for (let i = 0; i < order.length; i++) {
      const row = order[i];
      packed[row] = toUnits(weight[row], unit) * (factor + Math.round((target[row] - offset) * stepsPerTarget));
    }
    return { factor, unit };
  }

  /** The packed sum over all rows in `order`. */
  sum(order: Int32Array): number {
    let sum = 0;
    for (let i = 0; i < order.length; i++) sum += this.values[order[i]];
    return sum;
  }
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
