import { describe, expect, test } from "vitest";
import type { LinearBody } from "../../../core/models/linear/linear-body.ts";
import { fitLogistic } from "../../../core/models/linear/logistic-regression.ts";
import { fitRidge } from "../../../core/models/linear/ridge.ts";
import { pickRows, type Reference, readReference } from "./reference.ts";

function expectEqual(learn: (penalty: number) => LinearBody, { linear }: Reference): void {
  expect(linear.length).toBeGreaterThan(0);
  for (const { penalty, intercept, weights } of linear) {
    const body = learn(penalty);
    const size = Math.max(1, Math.abs(intercept), ...weights.map(Math.abs));
    expect(Math.abs(body.intercept - intercept) / size).toBeLessThan(1e-6);
    expect(body.weights.length).toBe(weights.length);
    weights.forEach((weight, f) => {
      expect(Math.abs(body.weights[f] - weight) / size).toBeLessThan(1e-6);
    });
  }
}

describe("coefficients are scikit-learn's to 1e-6", () => {
  test.each(["diabetes", "friedman1", "friedman2", "friedman3"])("of ridge regression on %s, for each penalty", (name) => {
    const reference = readReference(name);
    const all = pickRows(reference, () => true);
    expectEqual((penalty) => fitRidge(all, { penalties: [penalty], winsorQuantile: 0 }), reference);
  });

  test("of logistic regression on breast-cancer, for each penalty", () => {
    const reference = readReference("breast-cancer");
    const all = pickRows(reference, () => true);
    expectEqual((penalty) => fitLogistic(all, { penalties: [penalty], winsorQuantile: 0 }), reference);
  });
});
