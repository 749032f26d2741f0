import type { FlatTrees } from "./flat-trees.ts";

/**
 * Sums of all trees' leaves for the rows `from … to − 1`: the same numbers as `sumTrees` row by row, several times as fast.
 * Rows go side by side, four at a time and without branches: a leaf leads to itself until the tree's depth is reached.
 */
export function sumTreesOver(trees: FlatTrees, columns: readonly Float64Array[], from: number, to: number): Float64Array {
  const { roots, value } = trees;
  const rows = to - from;
  const out = new Float64Array(rows);
  const { cells, width, missing } = gatherRows(columns, from, to);
  const { next, threshold, cell } = prepareNodes(trees, missing ? columns.length : 0);
  const depths = findDepths(trees);
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t];
    const depth = depths[t];
    let row = 0;
    for (; row + 3 < rows; row += 4) {
      const atA = row * width;
      const atB = atA + width;
      const atC = atB + width;
      const atD = atC + width;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (let step = 0; step < depth; step++) {
        a = next[a] + (Number(cells[atA + cell[a]] > threshold[a]) | 0);
        b = next[b] + (Number(cells[atB + cell[b]] > threshold[b]) | 0);
        c = next[c] + (Number(cells[atC + cell[c]] > threshold[c]) | 0);
        d = next[d] + (Number(cells[atD + cell[d]] > threshold[d]) | 0);
      }
      out[row] += value[a];
      out[row + 1] += value[b];
      out[row + 2] += value[c];
      out[row + 3] += value[d];
    }
    for (; row < rows; row++) {
      let node = root;
      for (let step = 0; step < depth; step++) node = next[node] + (Number(cells[row * width + cell[node]] > threshold[node]) | 0);
      out[row] += value[node];
    }
  }
  return out;
}

/**
 * The values row after row. NaN is never above a threshold, so it goes left; where values are missing, each row has them a
 * second time, with ∞ in their place, for nodes that send them right.
 */
function gatherRows(columns: readonly Float64Array[], from: number, to: number) {
  const missing = columns.some((column) => column.subarray(from, to).some(Number.isNaN));
  const width = columns.length * (missing ? 2 : 1);
  const cells = new Float64Array((to - from) * width);
  for (let f = 0; f < columns.length; f++) {
    const column = columns[f];
    for (let row = from; row < to; row++) {
      const x = column[row];
      const at = (row - from) * width + f;
      cells[at] = x;
      if (missing) cells[at + columns.length] = Number.isNaN(x) ? Number.POSITIVE_INFINITY : x;
    }
  }
  return { cells, width, missing };
}

function prepareNodes({ feature, threshold, left, missingLeft }: FlatTrees, toFilled: number) {
  const n = left.length;
  const next = new Int32Array(n);
  const limit = new Float64Array(n);
  const cell = new Int32Array(n);
  for (let node = 0; node < n; node++) {
    const leaf = left[node] < 0;
    next[node] = leaf ? node : left[node];
    limit[node] = leaf ? Number.POSITIVE_INFINITY : threshold[node];
    cell[node] = feature[node] + (leaf || missingLeft[node] === 1 ? 0 : toFilled);
  }
  return { next, threshold: limit, cell };
}

/** Steps from each root to its deepest leaf; children come after their parents. */
function findDepths({ roots, left }: FlatTrees): Int32Array {
  const depth = new Int32Array(left.length);
  return roots.map((root, t) => {
    const end = t + 1 < roots.length ? roots[t + 1] : left.length;
    let deepest = 0;
    for (let node = root; node < end; node++) {
      if (left[node] < 0) continue;
      depth[left[node]] = depth[node] + 1;
      depth[left[node] + 1] = depth[node] + 1;
      deepest = Math.max(deepest, depth[node] + 1);
    }
    return deepest;
  });
}
