import { describe, expect, test } from "vitest";
import { championOf, championsOf, leadingModel, mainChampion, settleChampions } from "../../core/serving/champion.ts";
import type { ModelName, Role, Scope } from "../../core/vocabulary/model-names.ts";
import { taskOf } from "../../core/vocabulary/model-names.ts";

const model = (name: ModelName, role: Role, value: number | null = 0.01, scope: Scope = "pooled") => {
  const skill = { value };
  return { name, task: taskOf(name), role, scope, reason: "has skill", skill, groupSkill: skill };
};
const nameOf = (found: { readonly name: ModelName } | null) => found?.name ?? null;

describe("the champion", () => {
  test("of a task is the model with that role, or none", () => {
    const models = [model("linear_regression", "challenger"), model("ensemble", "champion"), model("logistic_regression", "no_skill")];
    expect(nameOf(championOf(models, "regression"))).toBe("ensemble");
    expect(championOf(models, "classification")).toBeNull();
    expect(championsOf(models).map(nameOf)).toEqual(["ensemble"]);
  });

  test("that a report is about is the price's, whatever its place in the list, or else the direction's", () => {
    const direction = model("logistic_regression", "champion");
    expect(nameOf(mainChampion([direction, model("random_forest", "champion")]))).toBe("random_forest");
    expect(nameOf(mainChampion([model("random_forest", "no_skill"), direction]))).toBe("logistic_regression");
    expect(mainChampion([model("random_forest", "no_skill")])).toBeNull();
  });

  test("is one per task where models of two scopes passed the gate: the one with more skill on the coin", () => {
    const models = [model("ensemble", "champion", 0.01, "pooled"), model("random_forest", "champion", 0.02, "coin")];
    expect(settleChampions(models)).toEqual([
      { ...models[0], role: "challenger", reason: "has skill; random_forest of scope coin has more" },
      models[1],
    ]);
    const tasks = [model("ensemble", "champion", 0.01), model("logistic_regression", "champion", 0.02)];
    expect(settleChampions(tasks)).toEqual(tasks);
  });
});

describe("the leading model of a task", () => {
  test("is its champion, even where another has more skill over its coins", () => {
    const models = [model("random_forest", "no_skill", 0.5), model("ensemble", "champion", 0.01)];
    expect(leadingModel(models, "regression").name).toBe("ensemble");
  });

  test("is the one with the most skill where there is no champion; an undefined skill counts least", () => {
    const models = [
      model("random_forest", "no_skill", null),
      model("ensemble", "no_skill", -0.2),
      model("linear_regression", "no_skill", -0.1),
    ];
    expect(leadingModel(models, "regression").name).toBe("linear_regression");
    expect(() => leadingModel(models, "classification")).toThrow("there is no model for classification");
  });
});
