import { describe, expect, test } from "vitest";
import { intervalMetrics } from "../../core/evaluation/intervals/interval-metrics.ts";
import { normalCdf, normalQuantile } from "../../core/evaluation/intervals/normal.ts";
import { areaUnderCurve, classificationMetrics } from "../../core/evaluation/metrics/classification-metrics.ts";
import { regressionMetrics } from "../../core/evaluation/metrics/regression-metrics.ts";
import { decideRoles, type GateFacts } from "../../core/evaluation/skill/gate.ts";
import type { Skill } from "../../core/manifests/manifest.ts";
import type { ModelName } from "../../core/vocabulary/model-names.ts";

const skill = (value: number | null, upper: number | null = value === null ? null : value + 0.01): Skill => ({
  baseline: "no_change",
  loss: "rmse",
  value,
  lower: upper === null || value === null ? null : value - 0.01,
  upper,
});
const returns = (...values: number[]) => Float64Array.from(values);

describe("metrics of a regressor", () => {
  const actual = returns(0.1, -0.2, 0.3);
  const drift = returns(0.05, 0.05, 0.05);
  const unit = returns(0.1, 0.1, 0.2);

  test("that is perfect, and of one that is silent", () => {
    const perfect = regressionMetrics({ prediction: actual, actual, drift, unit });
    expect(perfect).toMatchObject({ mae: 0, rmse: 0, mase: 0, r2: 1, directional_accuracy: 1 });
    const silent = regressionMetrics({ prediction: returns(0, 0, 0), actual, drift, unit });
    expect(silent).toMatchObject({ mae: silent.baseline_mae, rmse: silent.baseline_rmse, mase: silent.baseline_mase });
    expect(silent.directional_accuracy).toBeNull();
  });

  test("stand beside those of no change and of drift", () => {
    const metrics = regressionMetrics({ prediction: returns(0.2, 0.2, 0.2), actual, drift, unit });
    expect(metrics.mae).toBeCloseTo(0.2, 12);
    expect(metrics.baseline_mae).toBeCloseTo(0.2, 12);
    expect(metrics.drift_mae).toBeCloseTo(0.55 / 3, 12);
    expect(metrics.mase).toBeCloseTo((1 + 4 + 0.5) / 3, 12);
    expect(metrics.baseline_mase).toBeCloseTo((1 + 2 + 1.5) / 3, 12);
    expect(metrics.r2).toBeCloseTo(1 - (0.01 + 0.16 + 0.01) / (0.0025 + 0.0625 + 0.0625), 12);
    expect(metrics.drift_directional_accuracy).toBeCloseTo(2 / 3, 12);
  });

  test("leave rows out of MASE whose coin has no training row", () => {
    expect(
      regressionMetrics({ prediction: returns(0), actual: returns(0.1), drift: returns(0), unit: returns(Number.NaN) }).mase,
    ).toBeNull();
  });
});

describe("metrics", () => {
  test("are null where undefined, never 0", () => {
    const none = returns();
    for (const value of Object.values(regressionMetrics({ prediction: none, actual: none, drift: none, unit: none })))
      expect(value).toBeNull();
    for (const value of Object.values(classificationMetrics(none, none, none))) expect(value).toBeNull();
    const unknown = { prediction: returns(0), actual: returns(0), halfWidth: returns(Number.NaN), recentVolatility: returns(1) };
    for (const value of Object.values(intervalMetrics({ ...unknown, coverage: 0.9 }))) expect(value).toBeNull();
    const still = regressionMetrics({ prediction: returns(0.1), actual: returns(0), drift: returns(0), unit: returns(0) });
    expect(still).toMatchObject({ mase: null, r2: null, directional_accuracy: null });
    expect(areaUnderCurve([0.2, 0.8], [1, 1])).toBeNull();
  });

  test("of a classifier stand beside those of the class prior", () => {
    const metrics = classificationMetrics(returns(0.9, 0.2), returns(1, 0), returns(0.5, 0.5));
    expect(metrics.brier).toBeCloseTo((0.01 + 0.04) / 2, 12);
    expect(metrics.log_loss).toBeCloseTo(-(Math.log(0.9) + Math.log(0.8)) / 2, 12);
    expect(metrics).toMatchObject({ auc: 1, accuracy: 1, baseline_brier: 0.25, baseline_auc: 0.5, calibration_error: null });
    expect(metrics.baseline_log_loss).toBeCloseTo(Math.LN2, 12);
  });

  test("of intervals count what lies inside, and punish what lies outside", () => {
    const metrics = intervalMetrics({
      prediction: returns(0.1, 0.1),
      actual: returns(0.15, -0.2),
      halfWidth: returns(0.1, 0.1),
      recentVolatility: returns(0.1, 0.1),
      coverage: 0.9,
    });
    expect(metrics.interval_coverage).toBe(0.5);
    expect(metrics.interval_width).toBeCloseTo(0.2, 12);
    expect(metrics.interval_score).toBeCloseTo((0.2 + 0.2 + 20 * 0.2) / 2, 12);
    expect(metrics.baseline_interval_coverage).toBe(0.5);
    expect(metrics.baseline_interval_width).toBeCloseTo(2 * 0.1 * 1.6448536269514722, 10);
  });

  test("auc counts ties half", () => {
    expect(areaUnderCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(areaUnderCurve([0.5, 0.5, 0.5], [0, 1, 1])).toBe(0.5);
  });

  // https://en.wikipedia.org/wiki/97.5th_percentile_point
  test("the normal distribution and its inverse have the known values", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalCdf(-9)).toBe(0);
  });
});

describe("the gate", () => {
  const facts = (name: ModelName, own: Skill, group: number | null, gateLower: number | null): GateFacts => ({
    name,
    task: "regression",
    skill: own,
    groupSkill: skill(group),
    gateLower,
  });

  test("lets only the model with the most certain skill serve, and only where its coin shows it too", () => {
    const decisions = decideRoles([
      facts("gradient_boosting", skill(0.01), 0.008, 0.002),
      facts("linear_regression", skill(0.02), 0.006, 0.001),
      facts("random_forest", skill(-0.01), 0.02, 0.01),
      facts("ensemble", skill(0.05), 0.03, -0.001),
      { ...facts("logistic_regression", skill(0.01), 0.002, 0.001), task: "classification" },
    ]);
    expect(decisions.map(({ role }) => role)).toEqual(["champion", "challenger", "no_skill", "no_skill", "champion"]);
    expect(decisions[1].reason).toContain("gradient_boosting has more");
    expect(decisions[2].reason).toContain("does not beat no change on this coin: skill -1.00 %");
    expect(decisions[3].reason).toContain("lower bound -0.10 %");
  });

  test("keeps out a coin whose own interval contradicts, and one with too little history to tell", () => {
    const [contradicted, short, undefinedSkill, young] = decideRoles([
      facts("gradient_boosting", skill(0.01, -0.001), 0.008, 0.002),
      facts("linear_regression", skill(0.01, null), 0.008, 0.002),
      facts("random_forest", skill(0.01), null, null),
      facts("ensemble", skill(0.01), 0.01, null),
    ]);
    expect(contradicted).toMatchObject({ role: "no_skill", reason: expect.stringContaining("upper bound -0.10 %") });
    expect(short).toMatchObject({ role: "no_skill", reason: expect.stringContaining("too little history on this coin") });
    expect(undefinedSkill).toMatchObject({ role: "no_skill", reason: expect.stringContaining("undefined") });
    expect(young).toMatchObject({ role: "no_skill", reason: expect.stringContaining("too little history to be judged") });
  });
});
