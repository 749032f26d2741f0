import { expect, test } from "vitest";
import { groupKey } from "../../core/evaluation/group-key.ts";
import { groupDigest, groupMembers, trainingDigest } from "../../core/evaluation/training-groups.ts";

const members = ["HET", "BTC", "ADA"].map((symbol) => ({ symbol }));
const shown = (scope: "pooled" | "coin" | "both") =>
  groupMembers(members, scope).map((group) => [group.key, group.scope, group.members.map(({ symbol }) => symbol).join()]);

test("a pool holds real coins or simulated ones, in the order of their names", () => {
  expect(shown("pooled")).toEqual([
    ["pooled/real", "pooled", "ADA,BTC"],
    ["pooled/simulated", "pooled", "HET"],
  ]);
});

test("scope coin trains each alone, and both does both", () => {
  expect(shown("coin")).toEqual([
    ["coin/ADA", "coin", "ADA"],
    ["coin/BTC", "coin", "BTC"],
    ["coin/HET", "coin", "HET"],
  ]);
  expect(shown("both")).toEqual([...shown("pooled"), ...shown("coin")]);
});

test("the group of a symbol is known from its name, so that seeds can be derived again", () => {
  for (const scope of ["pooled", "coin"] as const)
    for (const { key, members: own } of groupMembers(members, scope))
      for (const { symbol } of own) expect(groupKey(scope, symbol)).toBe(key);
});

test("a group's digest changes with its scope, horizon, members and their features", () => {
  const digests = [
    groupDigest("pooled", 1, [["BTC", "a"]]),
    groupDigest("coin", 1, [["BTC", "a"]]),
    groupDigest("pooled", 2, [["BTC", "a"]]),
    groupDigest("pooled", 1, [["BTC", "b"]]),
    groupDigest("pooled", 1, [
      ["ADA", "a"],
      ["BTC", "a"],
    ]),
  ];
  expect(new Set(digests).size).toBe(digests.length);
  expect(groupDigest("pooled", 1, [["BTC", "a"]])).toBe(digests[0]);
});

test("a training's digest does not depend on the order of its groups", () => {
  expect(trainingDigest(["b", "a"])).toBe(trainingDigest(["a", "b"]));
  expect(trainingDigest(["a"])).not.toBe(trainingDigest(["a", "b"]));
});
