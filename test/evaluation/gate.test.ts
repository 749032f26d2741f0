import { describe, expect, test } from "vitest";
import { decideRoles, type GateFacts } from "../../core/evaluation/skill/gate.ts";

const facts = (change: Partial<GateFacts> = {}): GateFacts => {
  const skill = { baseline: "no_change", loss: "rmse", value: 0.01, lower: -0.01, upper: 0.03 } as const;
  return { name: "linear_regression", task: "regression", skill, groupSkill: { ...skill, lower: 0.002 }, gateLower: 0.001, ...change };
};
const own = (value: number | null, upper: number | null) => facts({ skill: { ...facts().skill, value, upper } });

describe("a model is served", () => {
  test("where its group's bound is above zero, and its own skill not contradicted", () => {
    expect(decideRoles([facts()])).toEqual([
      { role: "champion", reason: expect.stringMatching(/^skill 1.00 % over its coins, lower bound 0.10 %/) },
    ]);
  });

  test.each([
    ["its group's bound is zero", facts({ gateLower: 0 }), /^does not beat no change for certain/],
    ["its group's bound is unknown", facts({ gateLower: null }), /^has too little history/],
    ["it has no skill on this coin", own(-0.001, 0.03), /^does not beat no change on this coin/],
    ["it has exactly none on this coin", own(0, 0.03), /^does not beat no change on this coin/],
    ["the interval of its skill on this coin lies below zero", own(0.001, -0.001), /^does not beat no change on this coin/],
    ["its skill on this coin is uncertain by an unknown amount", own(0.01, null), /^has too little history on this coin/],
    ["its skill on this coin is undefined", own(null, null), /^has too little history on this coin/],
  ])("but not where %s", (_, model, reason) => {
    expect(decideRoles([model])).toEqual([{ role: "no_skill", reason: expect.stringMatching(reason) }]);
  });

  test("where it has the largest skill of its task over the group, whatever others have on the coin", () => {
    const better = facts({ name: "random_forest", groupSkill: { ...facts().groupSkill, value: 0.02 } });
    const lucky = facts({ name: "gradient_boosting", skill: { ...facts().skill, value: 0.5 } });
    const classifier = facts({ name: "logistic_regression", task: "classification" });
    expect(decideRoles([lucky, better, classifier]).map(({ role }) => role)).toEqual(["challenger", "champion", "champion"]);
  });
});
