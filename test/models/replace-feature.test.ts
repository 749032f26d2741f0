import { expect, test } from "vitest";
import { fitWith } from "../../core/models/fit-model.ts";
import { HYPERPARAMETERS } from "../../core/models/hyperparameters.ts";
import { predictBody } from "../../core/models/predict-model.ts";
import { prepareReplacements } from "../../core/models/replace-feature.ts";
import { createRandom } from "../../core/random.ts";
import { ALGORITHMS, isClassifier } from "../../core/vocabulary/model-names.ts";
import { friedman1 } from "./friedman.ts";

const whole = friedman1(400, 3);
const holed = { ...whole, columns: whole.columns.map((column, f) => column.map((x, row) => ((row + f) % 7 === 0 ? Number.NaN : x))) };

test.each(ALGORITHMS.flatMap((algorithm) => [[algorithm, "whole", whole] as const, [algorithm, "missing", holed] as const]))(
  "%s: a feature's values are replaced as if all had been predicted again, of %s values",
  (algorithm, _, data) => {
    const middle = data.target.toSorted()[data.rows >> 1];
    const set = isClassifier(algorithm) ? { ...data, target: data.target.map((y) => Number(y > middle)) } : data;
    const body = fitWith(set, algorithm, HYPERPARAMETERS[algorithm].pooled, { seed: 4 });
    const { outputs, replace } = prepareReplacements(body, data.columns, data.rows);
    const random = createRandom(2);
    for (const [f, column] of data.columns.entries()) {
      const others = [column.toReversed(), column.map(() => (random.next() < 0.1 ? Number.NaN : random.next())), column];
      const replaced = replace(f, others);
      expect(replaced.length).toBe(others.length);
      others.forEach((other, r) => {
        const columns = data.columns.map((own, at) => (at === f ? other : own));
        for (let row = 0; row < data.rows; row++) expect(replaced[r][row]).toBeCloseTo(predictBody(body, columns, row), 12);
      });
      expect(replaced[2]).toEqual(outputs);
    }
  },
);
