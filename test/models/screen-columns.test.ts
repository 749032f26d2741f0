import { expect, test } from "vitest";
import { screenColumns } from "../../core/models/screen-columns.ts";
import { createRandom } from "../../core/random.ts";

const random = createRandom(6);
const noise = () => Float64Array.from({ length: 200 }, () => random.next());
const columns = Array.from({ length: 30 }, noise);

test("the column that is cut first is kept, and those that are cut on either side", () => {
  const target = Float64Array.from({ length: 200 }, (_, row) => {
    const [first, left, right] = [columns[7][row] > 0.5, columns[11][row] > 0.3, columns[23][row] > 0.6];
    return 100 * Number(first) + (first ? 10 * Number(right) : 10 * Number(left));
  });
  const kept = screenColumns(columns, target, 2);
  expect(kept).toEqual(expect.arrayContaining([7, 11, 23]));
  expect(kept.length).toBeLessThanOrEqual(6);
});

test("of no columns none is kept, and of a steady target few", () => {
  expect(screenColumns([], new Float64Array(5), 3)).toEqual([]);
  expect(screenColumns(columns, new Float64Array(200).fill(2), 3).length).toBeLessThanOrEqual(2);
});
