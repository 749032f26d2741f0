import { expect, test } from "vitest";
import type { LoadedSymbol, Served } from "../../api/served/served.ts";
import { createSkillBoard } from "../../api/served/skill-board.ts";
import type { LiveSkill } from "../../core/scoring/live-skill.ts";
import { CorruptObjectError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { createApiMetrics } from "../../telemetry/api-metrics.ts";
import { samplesOf, sampleValue } from "../telemetry/exposition.ts";

const skillOf = (model: LiveSkill["model"], skill: number | null): LiveSkill => ({
  interval: "1d",
  horizon: 1,
  task: "regression",
  model,
  scope: null,
  n: 12,
  loss: 0.02,
  baselineLoss: 0.03,
  skill,
  intervals: 10,
  coverage: 0.9,
  nominalCoverage: 0.9,
  firstTarget: 0,
  lastTarget: 1,
});

function boardOver(skills: Record<string, () => readonly LiveSkill[]>) {
  const errors: string[] = [];
  const symbols = new Map(Object.keys(skills).map((symbol) => [symbol, { entry: { symbol } } as LoadedSymbol]));
  const registry = { current: () => ({ symbols }) as unknown as Served, subscribe: () => () => {} };
  const history = { skill: async ({ entry }: LoadedSymbol) => skills[entry.symbol]() };
  return { board: createSkillBoard(registry, history, { onError: ({ message }) => errors.push(message), refreshMs: 0 }), errors };
}

test("metrics tell how what was served came out, apart from single models, and nothing where it is undefined", async () => {
  const { board } = boardOver({
    BTC: () => [skillOf("served", 0.25), skillOf("ensemble", 0.5)],
    ETH: () => [skillOf("served", null)],
    NEW: () => [],
  });
  const metrics = createApiMetrics({ manifest: () => null, faults: () => [], liveSkill: board.current });
  expect(samplesOf((await metrics.scrape()).text).has("candlecast_live_skill_ratio")).toBe(false);
  await board.refresh();
  const { text } = await metrics.scrape();
  expect(sampleValue(text, "candlecast_live_skill_ratio", { symbol: "BTC", task: "regression" })).toBe(0.25);
  expect(sampleValue(text, "candlecast_live_forecasts", { symbol: "ETH", task: "regression" })).toBe(12);
  expect(sampleValue(text, "candlecast_live_coverage_ratio", { symbol: "BTC" })).toBe(0.9);
  expect(text).not.toContain('candlecast_live_skill_ratio{symbol="ETH"');
  expect(text).not.toContain('symbol="NEW"');
});

test("a broken file hides its coin only; a store that fails hides nothing that is known", async () => {
  let etc: () => readonly LiveSkill[] = () => [skillOf("served", 0.1)];
  const { board, errors } = boardOver({
    BTC: () => {
      throw new CorruptObjectError("BTC's outcomes are broken");
    },
    ETC: () => etc(),
  });
  await board.refresh();
  expect([...board.current().keys()]).toEqual(["ETC"]);
  etc = () => {
    throw new StoreUnavailableError("the store is gone");
  };
  await board.refresh();
  expect([...board.current().keys()]).toEqual(["ETC"]);
  expect(errors).toContain("the store is gone");
});
