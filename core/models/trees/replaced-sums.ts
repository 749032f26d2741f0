/*
 * What a sum of trees becomes when one feature's values are replaced.
 *
 * Most rows meet a feature in few trees, so predicting all rows again would nearly always find the same leaves. Here only the
 * rows at nodes that test the feature are looked at, and of those only the ones that now go the other way walk on.
 */
import type { FlatTrees } from "./flat-trees.ts";
import { endOfTree, type RowRoutes, routeRows } from "./route-rows.ts";

/** Nodes that are the first to test a feature on their way from the root. */
interface FirstTests {
  readonly nodes: readonly number[];
  /** Per node, the tree that it is in. */
  readonly trees: readonly number[];
  /** Per node, whether one below tests the feature again. */
  readonly again: readonly boolean[];
}

export class ReplacedSums {
  readonly #trees: FlatTrees;
  readonly #columns: readonly Float64Array[];
  readonly #rows: number;
  readonly #routes: RowRoutes;
  readonly #tests: readonly FirstTests[];

  /** @param columns one column a feature, `rows` values each; NaN is missing */
  constructor(trees: FlatTrees, columns: readonly Float64Array[], rows: number) {
    this.#trees = trees;
    this.#columns = columns;
    this.#rows = rows;
    this.#routes = routeRows(trees, columns, rows);
    this.#tests = findFirstTests(trees, columns.length);
  }

  /**
   * @param replacements several columns that stand for the feature's, one after the other
   * @returns per replacement, by how much each row's sum of leaves changes
   */
  changes(feature: number, replacements: readonly Float64Array[]): Float64Array[] {
    const changes = replacements.map(() => new Float64Array(this.#rows));
    const { nodes, trees, again } = this.#tests[feature];
    for (let i = 0; i < nodes.length; i++) {
      const order = this.#routes.orders[trees[i]];
      const node = nodes[i];
      const { left } = this.#trees;
      for (const isLeft of [true, false]) {
        const side = isLeft ? left[node] : left[node] + 1;
        this.#eachLeaf(side, (leaf) => this.#changeLeaf({ node, leaf, isLeft, again: again[i], feature }, order, replacements, changes));
      }
    }
    return changes;
  }

  #changeLeaf(
    { node, leaf, isLeft, again, feature }: { node: number; leaf: number; isLeft: boolean; again: boolean; feature: number },
    order: Int32Array,
    replacements: readonly Float64Array[],
    changes: readonly Float64Array[],
  ): void {
    const { threshold, left, missingLeft, value } = this.#trees;
    const { from, to } = this.#routes;
    const limit = threshold[node];
    const takesMissing = missingLeft[node] === 1;
    const other = isLeft ? left[node] + 1 : left[node];
    const same = isLeft ? left[node] : left[node] + 1;
    const before = value[leaf];
    for (let at = from[leaf]; at < to[leaf]; at++) {
      const row = order[at];
      let crossed = Number.NaN;
      for (let r = 0; r < replacements.length; r++) {
        const x = replacements[r][row];
        const goesLeft = x <= limit || (takesMissing && Number.isNaN(x));
        if (again) changes[r][row] += this.#walk(goesLeft === isLeft ? same : other, row, feature, x) - before;
        else if (goesLeft !== isLeft) {
          // Nothing below tests the feature, so all replacements that go the other way end in the same leaf.
          if (Number.isNaN(crossed)) crossed = this.#walk(other, row, -1, 0) - before;
          changes[r][row] += crossed;
        }
      }
    }
  }

  /** The leaf that a row reaches from a node, with `x` for one of its features. */
  #walk(start: number, row: number, replaced: number, x: number): number {
    const { feature, threshold, left, missingLeft, value } = this.#trees;
    let node = start;
    while (left[node] >= 0) {
      const f = feature[node];
      const at = f === replaced ? x : this.#columns[f][row];
      const goesLeft = at <= threshold[node] || (missingLeft[node] === 1 && Number.isNaN(at));
      node = goesLeft ? left[node] : left[node] + 1;
    }
    return value[node];
  }

  #eachLeaf(node: number, visit: (leaf: number) => void): void {
    const { from, to } = this.#routes;
    if (from[node] === to[node]) return;
    const { left } = this.#trees;
    if (left[node] < 0) visit(node);
    else {
      this.#eachLeaf(left[node], visit);
      this.#eachLeaf(left[node] + 1, visit);
    }
  }
}

function findFirstTests(trees: FlatTrees, features: number): FirstTests[] {
  const { roots, left, feature } = trees;
  const tests = Array.from({ length: features }, () => ({ nodes: [] as number[], trees: [] as number[], again: [] as boolean[] }));
  const parent = new Int32Array(left.length).fill(-1);
  roots.forEach((root, t) => {
    const placeOf = new Map<number, number>();
    for (let node = root; node < endOfTree(trees, t); node++) {
      if (left[node] < 0) continue;
      parent[left[node]] = node;
      parent[left[node] + 1] = node;
      const f = feature[node];
      let first = node;
      for (let above = parent[node]; above >= 0; above = parent[above]) if (feature[above] === f) first = above;
      if (first !== node) tests[f].again[placeOf.get(first) as number] = true;
      else {
        placeOf.set(node, tests[f].nodes.length);
        tests[f].nodes.push(node);
        tests[f].trees.push(t);
        tests[f].again.push(false);
      }
    }
  });
  return tests;
}
