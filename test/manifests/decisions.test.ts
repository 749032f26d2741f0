import { describe, expect, test } from "vitest";
import { sumUpDecisions } from "../../core/manifests/decisions.ts";
import type { ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { runPage } from "../../core/vocabulary/run-page.ts";
import { pipelinePage } from "../../workflows/pipeline-page.ts";
import { sampleManifest } from "./sample-manifest.ts";

const names = [
  "gradient_boosting",
  "linear_regression",
  "random_forest",
  "ensemble",
  "logistic_regression",
  "random_forest_classifier",
] as const;

function entryOf(symbol: string, champion: string | null): SymbolEntry {
  const [template] = Object.values(sampleManifest().symbols);
  const models = names.map((name): ModelEntry => {
    const role = name === champion ? "champion" : "no_skill";
    return {
      ...template.models[0],
      name,
      role,
      reason: role === "champion" ? `skill 1.00 % on ${symbol}` : "does not beat no change for certain",
      groupSkill: { baseline: "no_change", loss: "rmse", value: champion ? 0.01 : -0.02, lower: 0.001, upper: 0.02 },
    };
  });
  return { ...template, symbol, models };
}

describe("decisions of a run", () => {
  test("name each model's role and reason, each sentence once, and the best skill", () => {
    const decisions = sumUpDecisions([entryOf("BTC", "ensemble"), entryOf("ADA", null)]);
    expect(decisions.champions).toEqual({ BTC: ["ensemble"], ADA: [] });
    expect(decisions.reasons).toEqual(["does not beat no change for certain", "skill 1.00 % on BTC"]);
    expect(decisions.models.BTC[3]).toEqual(["ensemble", "pooled", "champion", 1]);
    expect(decisions).toMatchObject({ omitted: 0, bestSkill: 0.01 });
    expect(sumUpDecisions([])).toMatchObject({ bestSkill: null, champions: {} });
  });

  test("of 500 symbols stay below 64 KB, and say how many they leave out", () => {
    const entries = Array.from({ length: 500 }, (_, i) => entryOf(`COIN${i}`, "random_forest_classifier"));
    const decisions = sumUpDecisions(entries);
    expect(JSON.stringify(decisions).length).toBeLessThan(60_000);
    expect(Object.keys(decisions.models)).toHaveLength(500 - decisions.omitted);
    expect(decisions.omitted).toBeGreaterThan(100);
    expect(Object.keys(decisions.champions)).toHaveLength(500);
  });

  test("of thousands of symbols are as small, and count those that are served", () => {
    const entries = Array.from({ length: 3_000 }, (_, i) => entryOf(`COIN${i}`, i < 2_000 ? "ensemble" : null));
    const decisions = sumUpDecisions(entries);
    expect(JSON.stringify(decisions).length).toBeLessThan(60_000);
    expect(decisions.counts).toEqual({ symbols: 3_000, served: 2_000 });
    const page = pipelinePage({ summary: "Published.", universe: null, results: [], decisions, manifest: "m" });
    expect(page).toContain("2000 of 3000 symbols have a champion");
  });

  test("answer on the run's page why a model was not promoted", () => {
    const page = pipelinePage({
      summary: "Published.",
      universe: null,
      results: [],
      decisions: sumUpDecisions([entryOf("BTC", null)]),
      manifest: "m",
    });
    expect(page).toMatch(/#### BTC\n[\s\S]*\| ensemble \| no_skill \| does not beat no change for certain \|/);
    expect(page).toContain("0 of 1 symbols have a champion");
  });
});

describe("address of a run's page", () => {
  const run = { namespace: "prices", workflowId: "pipeline-1/BTC", runId: "r" };

  test("is made of the Web UI's address, or of a template", () => {
    expect(runPage("http://ui:8233/", run)).toBe("http://ui:8233/namespaces/prices/workflows/pipeline-1%2FBTC/r");
    expect(runPage("http://ui", { ...run, runId: null })).toBe("http://ui/namespaces/prices/workflows/pipeline-1%2FBTC");
    expect(runPage("http://ui/?n={namespace}&w={workflowId}&r={runId}", run)).toBe("http://ui/?n=prices&w=pipeline-1%2FBTC&r=r");
  });

  test("is null where the Web UI's address is unknown", () => {
    expect(runPage(null, run)).toBeNull();
  });
});
