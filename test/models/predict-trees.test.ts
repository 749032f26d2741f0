import { expect, test } from "vitest";
import { predictBody } from "../../core/models/predict-model.ts";
import { sumTrees } from "../../core/models/trees/flat-trees.ts";
import { fitGradientBoosting } from "../../core/models/trees/gradient-boosting.ts";
import { sumTreesOver } from "../../core/models/trees/predict-trees.ts";
import { fitRandomForest } from "../../core/models/trees/random-forest.ts";
import { createRandom } from "../../core/random.ts";
import { friedman1 } from "./friedman.ts";

const set = friedman1(803, 3);
const withHoles = (from: number) => ({
  ...set,
  columns: set.columns.map((column, f) => column.map((x, row) => (row >= from && (row + f) % 7 === 0 ? Number.NaN : x))),
});

test.each([
  ["whole", set],
  ["missing", withHoles(0)],
  ["at last missing", withHoles(700)],
])("many rows at once give the same as each row alone, of %s values", (_, data) => {
  const random = createRandom(9);
  const forest = fitRandomForest(data, { trees: 20, maxDepth: 9, minLeafRows: 2, featureShare: 0.4 }, random);
  const { trees } = fitGradientBoosting(
    data,
    { trees: 20, leaves: 8, learningRate: 0.1, minLeafRows: 5, rowShare: 0.5, featureShare: 0.5, l2: 1 },
    random,
  );
  for (const ensemble of [forest, trees]) {
    const together = sumTreesOver(ensemble, data.columns, 10, data.rows);
    expect(together.length).toBe(data.rows - 10);
    for (let row = 10; row < data.rows; row++) expect(together[row - 10]).toBe(sumTrees(ensemble, data.columns, row));
  }
});

test("trees without a cut predict their only leaf", () => {
  const flat = { ...set, target: new Float64Array(set.rows).fill(4) };
  const trees = fitRandomForest(flat, { trees: 3, maxDepth: 4, minLeafRows: 1, featureShare: 1 }, createRandom(1));
  expect([...sumTreesOver(trees, flat.columns, 0, 5)]).toEqual([12, 12, 12, 12, 12]);
  expect(predictBody({ kind: "trees", base: 0, factor: 1 / 3, trees }, flat.columns, 0)).toBe(4);
});
