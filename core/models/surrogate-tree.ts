import { type CartNode, DecisionTreeRegression } from "ml-cart";
import { mean } from "../evaluation/metrics/summary.ts";
import { InvalidInputError } from "../vocabulary/errors.ts";
import { screenColumns } from "./screen-columns.ts";

/** ml-cart's fit is quadratic in the rows, and tries all columns at every node. */
const MAX_ROWS = 500;
const MAX_DEPTH = 3;
/** A split that explains less than this share of the target's variation is no reason worth telling. */
const MIN_EXPLAINED = 0.01;
/** Nor is one that sets a few odd rows apart. */
const MIN_LEAF_SHARE = 0.05;

export type SurrogateNode = {
  /** mean of the target over the node's rows */
  readonly value: number;
  readonly rows: number;
} & ({ readonly split: null } | { readonly split: SurrogateSplit });

export interface SurrogateSplit {
  /** index of the column */
  readonly feature: number;
  readonly threshold: number;
  /** rows whose value is below the threshold */
  readonly below: SurrogateNode;
  readonly above: SurrogateNode;
}

/** A tree of at most three levels that imitates another model. */
export interface SurrogateTree {
  readonly root: SurrogateNode;
  /** stands for a missing value of each column: the median of the rows learned from; NaN where none was known */
  readonly medians: Float64Array;
}

/** One step on a row's way down the tree. */
export interface SurrogateStep {
  readonly feature: number;
  readonly threshold: number;
  readonly below: boolean;
  /** the row's value was missing, and the median taken for it */
  readonly missing: boolean;
}

/**
 * Fits a tree to what another model predicts (CART on the squared error, by ml-cart), and cuts off splits that explain
 * next to nothing. Missing values are replaced by the column's median; columns without any value are left out.
 *
 * @param columns one column a feature, n values each, n at most 500; NaN is missing
 * @param target n finite values
 * @throws {InvalidInputError} if there are no rows, more than 500, or a target is not finite
 */
export function fitSurrogate(columns: readonly Float64Array[], target: Float64Array): SurrogateTree {
  if (target.length === 0 || target.length > MAX_ROWS) {
    throw new InvalidInputError(`a surrogate tree is fitted to 1 to ${MAX_ROWS} rows, not ${target.length}`);
  }
  if (!target.every(Number.isFinite)) throw new InvalidInputError("a surrogate tree is fitted to finite predictions only");
  const medians = Float64Array.from(columns, medianOf);
  const filled = columns.map((column, f) => column.map((value) => (Number.isNaN(value) ? medians[f] : value)));
  const having = columns.map((_, f) => f).filter((f) => !Number.isNaN(medians[f]));
  const known = screenColumns(
    having.map((f) => filled[f]),
    target,
    MAX_DEPTH,
  ).map((i) => having[i]);
  const x = Array.from(target, (_, row) => known.map((f) => filled[f][row]));
  const everyRow = Array.from(target, (_, row) => row);
  const variation = squaredError(target, everyRow);
  if (variation === 0 || known.length === 0) return { root: leaf(target, everyRow), medians };
  const cart = new DecisionTreeRegression({ gainFunction: "regression", maxDepth: MAX_DEPTH, minNumSamples: 3 });
  cart.train(x, Array.from(target));
  const read = (node: CartNode, rows: readonly number[], depth: number): { node: SurrogateNode; error: number } => {
    const { splitColumn, splitValue } = node;
    const whole = { node: leaf(target, rows), error: squaredError(target, rows) };
    // ml-cart refuses a split that leaves no error at all, though it has found it: that one is taken from the leaf.
    const refused = !node.left && node.gain === 0 && depth < MAX_DEPTH;
    if (splitColumn === undefined || splitValue === undefined || !(node.left || refused)) return whole;
    const lower = rows.filter((row) => x[row][splitColumn] < splitValue);
    const upper = rows.filter((row) => !(x[row][splitColumn] < splitValue));
    if (Math.min(lower.length, upper.length) < Math.max(1, MIN_LEAF_SHARE * target.length)) return whole;
    const below = read(node.left ?? {}, lower, depth + 1);
    const above = read(node.right ?? {}, upper, depth + 1);
    const error = below.error + above.error;
    if (whole.error - error < MIN_EXPLAINED * variation) return whole;
    const split = { feature: known[splitColumn], threshold: splitValue, below: below.node, above: above.node };
    return { node: { ...whole.node, split }, error };
  };
  return { root: read(cart.toJSON().root, everyRow, 0).node, medians };
}

/** Where a row ends, and how it got there. */
export function followSurrogate(
  { root, medians }: SurrogateTree,
  columns: readonly Float64Array[],
  row: number,
): { value: number; steps: SurrogateStep[] } {
  const steps: SurrogateStep[] = [];
  let node = root;
  while (node.split) {
    const { feature, threshold } = node.split;
    const missing = Number.isNaN(columns[feature][row]);
    const below = (missing ? medians[feature] : columns[feature][row]) < threshold;
    steps.push({ feature, threshold, below, missing });
    node = below ? node.split.below : node.split.above;
  }
  return { value: node.value, steps };
}

function leaf(target: Float64Array, rows: readonly number[]): SurrogateNode {
  return { value: mean(rows.map((row) => target[row])), rows: rows.length, split: null };
}

function squaredError(target: Float64Array, rows: readonly number[]): number {
  const center = mean(rows.map((row) => target[row]));
  return rows.reduce((sum, row) => sum + (target[row] - center) ** 2, 0);
}

function medianOf(column: Float64Array): number {
  const known = column.filter((value) => !Number.isNaN(value)).sort();
  const middle = known.length >> 1;
  return known.length === 0 ? Number.NaN : known.length % 2 === 1 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
}
