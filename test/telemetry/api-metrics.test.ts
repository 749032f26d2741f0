import { expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { markStale } from "../../core/manifests/staleness.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { createApiMetrics } from "../../telemetry/api-metrics.ts";
import { createPublishedStore } from "../api/published-store.ts";
import { samplesOf, sampleValue } from "./exposition.ts";

function serve(store: Parameters<typeof createLiveRegistry>[0]) {
  const registry = createLiveRegistry(store, { pollMs: 0 });
  const metrics = createApiMetrics({ manifest: () => registry.current()?.manifest ?? null, faults: registry.faults });
  const app = createApp({ registry, metrics, now: () => 0, codeVersion: "0.0.0" });
  return { registry, app, scrape: async () => (await app.request("/metrics")).text() };
}

test("without a manifest its age is absent, not zero", async () => {
  const { app, scrape } = serve(createMemoryStore());
  const text = await scrape();
  expect(sampleValue(text, "candlecast_manifest_loaded")).toBe(0);
  expect(sampleValue(text, "candlecast_manifest_created_timestamp_seconds")).toBeNaN();
  expect((await app.request("/metrics")).headers.get("content-type")).toContain("text/plain");
});

test("a symbol that a newer manifest leaves out disappears; an undefined value is absent", async () => {
  const { store, publish } = await createPublishedStore();
  const undefinedSkill = { baseline: "no_change", loss: "rmse", value: null, lower: null, upper: null } as const;
  await publish("2017-06-01T00:00:00.000Z", ({ HET }) => ({
    HET: { ...HET, status: "stale", staleReason: "it failed", models: HET.models.map((model) => ({ ...model, skill: undefinedSkill })) },
  }));
  const { registry, scrape } = serve(store);
  await registry.reload();
  const text = await scrape();
  expect(sampleValue(text, "candlecast_symbol_stale", { symbol: "HET" })).toBe(1);
  expect(samplesOf(text).has("candlecast_model_skill_ratio")).toBe(false);
  await publish("2017-06-02T00:00:00.000Z", () => ({}));
  await registry.reload();
  expect(await scrape()).not.toContain('symbol="HET"');
});

test("a coin that has left the universe raises no alarm: it didn't fail, and its candles may get old", async () => {
  const { store, publish } = await createPublishedStore();
  const left = { code: "left_universe", rank: 7, top: 5, by: "market cap", source: "cryptocompare" } as const;
  await publish("2017-06-01T00:00:00.000Z", ({ HET }) => ({ HET: markStale(HET, left) }));
  const { registry, scrape } = serve(store);
  await registry.reload();
  const samples = samplesOf(await scrape());
  for (const name of ["candlecast_symbol_stale", "candlecast_newest_candle_close_timestamp_seconds"])
    expect(samples.has(name), name).toBe(false);
  expect(samples.has("candlecast_model_role")).toBe(true);
});

test("a withheld prediction is counted with its reason, and unknown paths as one route", async () => {
  const { store, publish } = await createPublishedStore();
  await publish("2017-06-01T00:00:00.000Z", ({ HET }) => ({
    HET: { ...HET, models: HET.models.map((model) => ({ ...model, role: model.name === "ensemble" ? "champion" : "no_skill" })) },
  }));
  const { registry, app, scrape } = serve(store);
  await registry.reload();
  await app.request("/symbol/het");
  await publish("2017-06-01T00:01:00.000Z", ({ HET }) => ({
    HET: {
      ...HET,
      source: "another",
      models: HET.models.map((model) => ({ ...model, role: model.name === "ensemble" ? "champion" : "no_skill" })),
    },
  }));
  await registry.reload();
  for (const column of registry.current()?.symbols.get("HET")?.row.columns ?? []) column[0] = 1e6;
  await app.request("/symbol/HET");
  for (const path of ["/symbol/NOPE", "/a", "/b/c", "/symbol/HET/x"]) await app.request(path);
  const text = await scrape();
  expect(sampleValue(text, "candlecast_predictions_total", { symbol: "HET", label: "champion" })).toBe(1);
  expect(sampleValue(text, "candlecast_predictions_total", { symbol: "HET", label: "withheld" })).toBe(1);
  expect(sampleValue(text, "candlecast_predictions_withheld_total", { symbol: "HET", reason: "novel_input" })).toBe(1);
  expect(text).not.toContain("NOPE");
  const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
  expect(routes).toEqual(new Set(["/symbol/{symbol}", "none"]));
});
