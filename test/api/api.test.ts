import type { z } from "@hono/zod-openapi";
import { beforeAll, describe, expect, test } from "vitest";
import { health, modelList, prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

const NOW = Date.parse("2017-06-01T01:00:00Z");
let published: PublishedStore;

function serve(store = published.store): { registry: LiveRegistry; app: ReturnType<typeof createApp> } {
  const registry = createLiveRegistry(store, { pollMs: 0 });
  return { registry, app: createApp({ registry, now: () => NOW, codeVersion: "0.0.0" }) };
}

async function expectProblem(response: Response, status: number): Promise<z.infer<typeof problemSchema>> {
  expect(response.status).toBe(status);
  expect(response.headers.get("content-type")).toContain("application/problem+json");
  const body = problemSchema.parse(await response.json());
  expect(body.status).toBe(status);
  return body;
}

beforeAll(async () => {
  published = await createPublishedStore();
  await published.publish("2017-06-01T00:00:00.000Z");
});

describe("the API over a published manifest", () => {
  test.each(["/symbol/HET", "/symbol/het"])("%s answers with every model, the one that is served, and its provenance", async (path) => {
    const { registry, app } = serve();
    await registry.reload();
    const body = prediction.parse(await (await app.request(path)).json());
    expect(body).toMatchObject({
      symbol: "HET",
      simulated: true,
      as_of_candle: { open_time: "2017-05-31T00:00:00.000Z", close_time: "2017-06-01T00:00:00.000Z" },
      target_candle: { open_time: "2017-06-01T00:00:00.000Z", close_time: "2017-06-02T00:00:00.000Z" },
      lineage: { workflow: { id: "pipeline-test" }, features: published.entry.features },
    });
    expect(body.models).toHaveLength(6);
    for (const model of body.models) {
      expect(model.task === "regression" ? model.price : model.probability_up).toBeTypeOf("number");
      if (model.interval && model.price) {
        expect(model.interval.lower).toBeLessThan(model.price);
        expect(model.interval.upper).toBeGreaterThan(model.price);
      }
    }
  });

  test("where no model has skill, no change is served and labelled `no_skill`", async () => {
    const { store, publish } = await createPublishedStore();
    await publish("2017-06-01T00:00:00.000Z", ({ HET }) => ({
      HET: { ...HET, models: HET.models.map((model) => ({ ...model, role: "no_skill" as const, reason: "does not beat no change" })) },
    }));
    const { registry, app } = serve(store);
    await registry.reload();
    const body = prediction.parse(await (await app.request("/symbol/HET")).json());
    expect(body.prediction).toMatchObject({ served_by: "no_change", label: "no_skill", price: body.as_of_candle.close, reasons: [] });
    expect(body.prediction.interval).toMatchObject({ coverage: 0.9 });
    const prior = published.entry.models.find(({ task }) => task === "classification")?.baselines.class_prior;
    expect(prior).toBeGreaterThan(0.4);
    expect(body.direction).toMatchObject({ served_by: "class_prior", label: "no_skill", probability_up: prior, reasons: [] });
  });

  test("a prediction whose candle has already closed carries a warning", async () => {
    const registry = createLiveRegistry(published.store, { pollMs: 0 });
    await registry.reload();
    const late = createApp({ registry, now: () => Date.parse("2017-06-02T00:00:00Z"), codeVersion: "0.0.0" });
    const body = prediction.parse(await (await late.request("/symbol/HET")).json());
    expect(body.warnings.map(({ code }) => code)).toContain("target_already_closed");
  });

  test("/models lists each with metrics, skill and role", async () => {
    const { registry, app } = serve();
    await registry.reload();
    const body = modelList.parse(await (await app.request("/models")).json());
    expect(body.symbols.map(({ symbol }) => symbol)).toEqual(["HET"]);
    const ridge = body.symbols[0].models.find(({ name }) => name === "linear_regression");
    expect(ridge?.metrics.rmse).toBeGreaterThan(0);
    expect(ridge?.skills).toHaveLength(4);
    expect(ridge?.group_skill.upper).toBeGreaterThan(ridge?.group_skill.lower ?? 1);
    expect(ridge?.gate_lower).toBeGreaterThan(0);
    expect(ridge?.interval?.q).toBeGreaterThan(0);
  });

  test("/health tells the manifest's version and age; /live and /ready answer 200", async () => {
    const { registry, app } = serve();
    await registry.reload();
    expect(health.parse(await (await app.request("/health")).json())).toMatchObject({
      status: "fresh",
      faults: [],
      coins: { served: 1, withheld: 0, older: 0, unreadable: 0 },
      manifest: { age_seconds: 3600 },
    });
    expect((await app.request("/live")).status).toBe(200);
    expect((await app.request("/ready")).status).toBe(200);
    expect(await (await app.request("/")).text()).toContain("simulated");
  });

  test("an unknown symbol is a 404 that names the known ones, an unknown route a 404, a wrong method a 405", async () => {
    const { registry, app } = serve();
    await registry.reload();
    expect((await expectProblem(await app.request("/symbol/FOO"), 404)).detail).toBe("There is no symbol FOO; known are HET.");
    await expectProblem(await app.request("/nothing"), 404);
    await expectProblem(await app.request("/symbol/HET", { method: "DELETE" }), 405);
  });
});

describe("the API before anything was published", () => {
  test.each(["/symbol/HET", "/models", "/ready"])("%s is a 503 that tells when to try again", async (path) => {
    const response = await serve(createMemoryStore()).app.request(path);
    expect(response.headers.get("retry-after")).not.toBeNull();
    await expectProblem(response, 503);
  });

  test("is alive, and reports that it is empty", async () => {
    const { app, registry } = serve(createMemoryStore());
    await registry.reload();
    expect(health.parse(await (await app.request("/health")).json())).toMatchObject({ status: "empty", manifest: null });
    expect((await app.request("/live")).status).toBe(200);
    expect((await app.request("/")).status).toBe(200);
  });
});

describe("a newer manifest", () => {
  test("is found by GET and POST /reload, and by polling", async () => {
    const { store, publish } = await createPublishedStore();
    const first = await publish("2017-06-01T00:00:00.000Z");
    const { app } = serve(store);
    expect(await (await app.request("/reload")).json()).toEqual({ changed: true, version: first.version });
    expect(await (await app.request("/reload")).json()).toEqual({ changed: false, version: first.version });
    const second = await publish("2017-06-02T00:00:00.000Z");
    expect(await (await app.request("/reload", { method: "POST" })).json()).toEqual({ changed: true, version: second.version });
    const polling = createLiveRegistry(store, { pollMs: 10 });
    while (!polling.current()) await new Promise((done) => setTimeout(done, 5));
    const third = await publish("2017-06-03T00:00:00.000Z");
    while (polling.current()?.manifest.version !== third.version) await new Promise((done) => setTimeout(done, 5));
    polling.close();
  });

  test("is swapped in without one failed request", async () => {
    const { store, publish } = await createPublishedStore();
    await publish("2017-06-01T00:00:00.000Z");
    const { app } = serve(store);
    await app.request("/reload");
    const versions = new Set<string>();
    for (let day = 2; day < 12; day++) {
      await publish(`2017-06-${String(day).padStart(2, "0")}T00:00:00.000Z`);
      const asked = Array.from({ length: 20 }, () => app.request("/symbol/HET"));
      void app.request("/reload");
      for (const response of await Promise.all([...asked, ...Array.from({ length: 20 }, () => app.request("/symbol/HET"))])) {
        expect(response.status).toBe(200);
        versions.add(prediction.parse(await response.json()).lineage.manifest);
      }
    }
    expect(versions.size).toBeGreaterThan(5);
  });
});

describe("the reference", () => {
  test("lists every route with its answer", async () => {
    const document = (await (await serve().app.request("/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, object>;
      components: { schemas: object };
    };
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths).sort()).toEqual([
      "/events",
      "/health",
      "/live",
      "/manifests",
      "/manifests/{version}",
      "/manifests/{version}/compare/{other}",
      "/manifests/{version}/stored",
      "/models",
      "/objects/{sha256}",
      "/pipeline/runs",
      "/pointer",
      "/ready",
      "/reload",
      "/symbol",
      "/symbol/{symbol}",
      "/symbol/{symbol}/history",
      "/symbol/{symbol}/predict",
      "/symbol/{symbol}/report",
      "/symbol/{symbol}/report.json",
    ]);
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(["Prediction", "Problem", "Health", "ModelList"]));
  });

  test("loads nothing from other hosts", async () => {
    const { app } = serve();
    const page = await (await app.request("/docs")).text();
    for (const [, address] of page.matchAll(/(?:src|href)="([^"]+)"/g)) {
      if (address === "data:,") continue;
      expect(address).toMatch(/^docs\//);
      expect((await app.request(`/${address}`)).status).toBe(200);
    }
  });
});
