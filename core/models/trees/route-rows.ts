import type { FlatTrees } from "./flat-trees.ts";

/** Where rows go in each tree. Every node's rows lie side by side, those of its left child first. */
export interface RowRoutes {
  /** Per tree, all rows, leaf after leaf. */
  readonly orders: readonly Int32Array[];
  /** Per node, where its rows begin in its tree's order. */
  readonly from: Int32Array;
  /** Per node, the place after its last row. */
  readonly to: Int32Array;
}

/** Sends the rows `0 … rows − 1` down every tree. */
export function routeRows(trees: FlatTrees, columns: readonly Float64Array[], rows: number): RowRoutes {
  const { roots, feature, threshold, left, missingLeft } = trees;
  const from = new Int32Array(left.length);
  const to = new Int32Array(left.length);
  const rightRows = new Int32Array(rows);
  const orders = Array.from(roots, (root, t) => {
    const order = new Int32Array(rows);
    for (let row = 0; row < rows; row++) order[row] = row;
    to[root] = rows;
    // Children come after their parents.
    for (let node = root; node < endOfTree(trees, t); node++) {
      if (left[node] < 0) continue;
      const column = columns[feature[node]];
      const limit = threshold[node];
      const takesMissing = missingLeft[node] === 1;
      let middle = from[node];
      let right = 0;
      for (let at = from[node]; at < to[node]; at++) {
        const row = order[at];
        const x = column[row];
        if (x <= limit || (takesMissing && Number.isNaN(x))) order[middle++] = row;
        else rightRows[right++] = row;
      }
      order.set(rightRows.subarray(0, right), middle);
      from[left[node]] = from[node];
      to[left[node]] = middle;
      from[left[node] + 1] = middle;
      to[left[node] + 1] = to[node];
    }
    return order;
  });
  return { orders, from, to };
}

/** The node after a tree's last one. */
export function endOfTree({ roots, left }: FlatTrees, t: number): number {
  return t + 1 < roots.length ? roots[t + 1] : left.length;
}
