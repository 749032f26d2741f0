import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../core/random.ts";
import { readDoubles, writeDoubles } from "./doubles.ts";

/** Rows to learn from, followed by rows to be judged on. */
export interface RegressionData {
  readonly train: number;
  readonly test: number;
  /** one column a feature, `train` + `test` values each */
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
}

/** Friedman's first function (1991) of five uniform features among as many as asked, with noise of deviation 3. */
export function makeRegressionData({ train, test, features }: { train: number; test: number; features: number }): RegressionData {
  const rows = train + test;
  const random = createRandom(20_201_231);
  const columns = Array.from({ length: features }, () => Float64Array.from({ length: rows }, () => random.next()));
  const [a, b, c, d, e] = columns;
  const target = Float64Array.from(
    { length: rows },
    (_, i) => 10 * Math.sin(Math.PI * a[i] * b[i]) + 20 * (c[i] - 0.5) ** 2 + 10 * d[i] + 5 * e[i] + 3 * random.normal(),
  );
  return { train, test, columns, target };
}

/** For the peers to read: `x.f64` column after column, `y.f64`, `shape.json`. */
export function writeRegressionData(folder: string, { train, test, columns, target }: RegressionData): void {
  writeFileSync(join(folder, "shape.json"), JSON.stringify({ train, test, features: columns.length }));
  writeDoubles(join(folder, "x.f64"), ...columns);
  writeDoubles(join(folder, "y.f64"), target);
}

export function readRegressionData(folder: string): RegressionData {
  const { train, test, features } = JSON.parse(readFileSync(join(folder, "shape.json"), "utf8"));
  const x = readDoubles(join(folder, "x.f64"));
  const rows = train + test;
  const columns = Array.from({ length: features }, (_, f) => x.slice(f * rows, (f + 1) * rows));
  return { train, test, columns, target: readDoubles(join(folder, "y.f64")) };
}
