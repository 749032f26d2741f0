import { describe, expect, test } from "vitest";
import { areaUnderCurve, classificationMetrics } from "../../core/evaluation/classification-metrics.ts";
import { judge, settleChampions } from "../../core/evaluation/gate.ts";
import { regressionMetrics } from "../../core/evaluation/regression-metrics.ts";
import type { ModelEntry, Skill } from "../../core/manifests/manifest.ts";

const skill = (value: number | null, lower: number | null): Skill => ({ baseline: "no_change", loss: "rmse", value, lower });

describe("metrics", () => {
  test("of a perfect and of a silent regressor", () => {
    const actual = [0.1, -0.2, 0.3];
    expect(regressionMetrics(actual, actual)).toMatchObject({ mae: 0, rmse: 0, mase: 0, r2: 1, directional_accuracy: 1 });
    expect(regressionMetrics([0, 0, 0], actual)).toMatchObject({ mase: 1, r2: 0, directional_accuracy: null });
  });

  test("are null where undefined, never 0", () => {
    for (const value of Object.values(regressionMetrics([], []))) expect(value).toBeNull();
    for (const value of Object.values(classificationMetrics([], [], []))) expect(value).toBeNull();
    expect(regressionMetrics([0.1], [0])).toMatchObject({ mase: null, r2: null });
    expect(areaUnderCurve([0.2, 0.8], [1, 1])).toBeNull();
  });

  test("auc counts ties half", () => {
    expect(areaUnderCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(areaUnderCurve([0.5, 0.5, 0.5], [0, 1, 1])).toBe(0.5);
  });
});

describe("the gate", () => {
  test("lets only the model with the most certain skill serve, and only where its coin shows it too", () => {
    const verdicts = judge([
      { name: "a", skill: skill(0.01, -0.01), groupSkill: skill(0.008, 0.002) },
      { name: "b", skill: skill(0.02, 0), groupSkill: skill(0.006, 0.001) },
      { name: "c", skill: skill(-0.01, -0.03), groupSkill: skill(0.02, 0.01) },
      { name: "d", skill: skill(0.05, 0.01), groupSkill: skill(0.03, -0.001) },
      { name: "e", skill: skill(null, null), groupSkill: skill(null, null) },
    ]);
    expect(verdicts.map(({ role }) => role)).toEqual(["champion", "challenger", "no_skill", "no_skill", "no_skill"]);
    expect(verdicts[3].reason).toContain("lower bound -0.10 %");
    expect(verdicts[4].reason).toContain("undefined");
  });

  test("leaves one champion a task where two scopes have one", () => {
    const model = (scope: string, value: number) =>
      ({ name: "ensemble", scope, task: "regression", role: "champion", reason: "r", skill: skill(value, 0) }) as unknown as ModelEntry;
    expect(settleChampions([model("pooled", 0.01), model("coin", 0.02)]).map(({ role }) => role)).toEqual(["challenger", "champion"]);
  });
});
