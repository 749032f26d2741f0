import { describe, expect, test } from "vitest";
import { assess } from "../../core/evaluation/assess.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { createRandom } from "../../core/random.ts";
import { buildReport, indexRows } from "../../core/reports/build-report.ts";
import { reliabilityCurve } from "../../core/reports/curve.ts";
import { NOTHING_TO_EXPLAIN } from "../../core/reports/explain.ts";
import { parseReport } from "../../core/reports/parse-report.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import { makePool } from "../evaluation/pools.ts";

/** A report on made-up predictions that know something of the future. */
function makeReport() {
  const pool = makePool({ symbols: ["AAA", "BBB"], days: 500 });
  const folds = planFolds(pool, { folds: 4, embargo: 1 });
  const random = createRandom(5);
  const parts = new Map(
    ALGORITHMS.map((algorithm) => [
      algorithm,
      folds.map(({ testFrom, testTo }) => {
        const rows = Int32Array.from({ length: testTo - testFrom }, (_, i) => testFrom + i);
        const regress = (row: number) => 0.1 * pool.actual[row] + 0.05 * pool.scale[row] * random.normal();
        const classify = (row: number) => 0.5 + 0.1 * Math.sign(pool.actual[row]) + 0.1 * random.normal();
        return {
          rows,
          prediction: Float64Array.from(rows, algorithm.includes("class") || algorithm.includes("logistic") ? classify : regress),
        };
      }),
    ]),
  );
  const { predictions, bySymbol } = assess({ pool, folds, parts, scope: "pooled", seed: 1, coverage: 0.8 });
  const table = predictions.part(0, predictions.length);
  const index = indexRows(table);
  const report = buildReport(table, index, {
    symbol: "BBB",
    scope: "pooled",
    interval: "1d",
    horizon: 1,
    coverage: 0.8,
    models: bySymbol.BBB,
    importance: null,
    explanation: NOTHING_TO_EXPLAIN,
  });
  return { report, table, models: bySymbol.BBB };
}

describe("a report on known predictions", () => {
  const { report, table, models } = makeReport();
  const rowsOf = (model: string) => table.model.flatMap((name, row) => (name === model && table.symbol[row] === "BBB" ? [row] : []));

  test("cumulative skill ends at the skill of each model", () => {
    expect(report.cumulativeSkill.models).toHaveLength(6);
    expect(report.cumulativeSkill.dates.at(-1)).toBe(report.tested.to);
    for (const { model, skill } of report.cumulativeSkill.models) {
      expect(skill).toHaveLength(report.cumulativeSkill.dates.length);
      expect(skill.at(-1)).toBeCloseTo(models.find(({ name }) => name === model)?.skill.value ?? Number.NaN, 12);
    }
  });

  test("cumulative skill at a date takes the predictions up to then, and no later one", () => {
    const { dates, models: lines } = report.cumulativeSkill;
    const at = Math.floor(dates.length / 2);
    const rows = rowsOf("random_forest").filter((row) => table.openTime[row] <= Date.parse(dates[at]));
    const sum = (values: Float64Array) => rows.reduce((total, row) => total + (table.actual[row] - values[row]) ** 2, 0);
    const expected = 1 - Math.sqrt(sum(table.prediction) / sum(table.baseline));
    expect(lines.find(({ model }) => model === "random_forest")?.skill[at]).toBeCloseTo(expected, 12);
  });

  test("calibration's groups hold every prediction once, in ascending order", () => {
    expect(report.calibration.map(({ model }) => model)).toEqual(["logistic_regression", "random_forest_classifier"]);
    for (const { model, bins } of report.calibration) {
      const rows = rowsOf(model);
      expect(bins.reduce((sum, { n }) => sum + n, 0)).toBe(rows.length);
      expect(bins.reduce((sum, { n, actual }) => sum + n * actual, 0)).toBeCloseTo(
        rows.reduce((sum, row) => sum + table.actual[row], 0),
        9,
      );
      const means = bins.map(({ predicted }) => predicted);
      expect(means).toEqual([...means].sort((a, b) => a - b));
    }
  });

  test("coverage by fold is the counted share, and nothing where there was no interval yet", () => {
    const rows = rowsOf(report.coverage.model);
    expect(report.coverage.folds.map(({ fold }) => fold)).toEqual([0, 1, 2, 3]);
    expect(report.coverage.folds[0]).toMatchObject({ n: 0, covered: 0 });
    for (const { fold, n, covered } of report.coverage.folds.slice(1)) {
      const own = rows.filter((row) => table.fold[row] === fold);
      expect(n).toBe(own.length);
      expect(covered).toBe(
        own.filter((row) => Math.abs(table.actual[row] - table.prediction[row]) <= table.upper[row] - table.prediction[row]).length,
      );
    }
  });

  test("looks at the champions where there are any", () => {
    expect(models.find(({ name }) => name === report.regressor)?.role).toBe("champion");
    expect(report.predictedAgainstActual.model).toBe(report.regressor);
  });

  test("is read back as it was written; a foreign field or a wrong number is refused", () => {
    const text = JSON.stringify(report);
    const bytes = (value: string) => new TextEncoder().encode(value);
    expect(parseReport(bytes(text))).toEqual(report);
    expect(() => parseReport(bytes(text.replace('"symbol"', '"extra":1,"symbol"')))).toThrow(/report/);
    expect(() => parseReport(bytes(text.replace('"nominal":0.8', '"nominal":8')))).toThrow("coverage.nominal");
    expect(() => parseReport(bytes(text.slice(1)))).toThrow("not JSON");
  });
});

describe("a reliability curve", () => {
  test("of shares has Wilson's interval: 8 of 10 lie between 0.490 and 0.943", () => {
    // Brown, Cai and DasGupta 2001 give the interval's formula; 8 of 10 is a usual worked example.
    const [bin] = reliabilityCurve(new Float64Array(10), Float64Array.from([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]), {
      groups: 1,
      interval: "wilson",
    });
    expect(bin).toMatchObject({ n: 10, actual: 0.8 });
    expect(bin.lower).toBeCloseTo(0.4902, 4);
    expect(bin.upper).toBeCloseTo(0.9433, 4);
  });

  test("of one number has no interval", () => {
    const [bin] = reliabilityCurve(Float64Array.of(1), Float64Array.of(2), { groups: 10, interval: "normal" });
    expect(bin).toEqual({ n: 1, predicted: 1, actual: 2, lower: null, upper: null });
  });
});
