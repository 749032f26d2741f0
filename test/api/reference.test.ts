import { describe, expect, test } from "vitest";
import { z } from "zod";
import { exampleModels, examplePrediction } from "../../api/answers/examples.ts";
import { historyAnswer } from "../../api/answers/history-answer.ts";
import { comparisonAnswer, manifestAnswer, manifestList } from "../../api/answers/manifest-answers.ts";
import { predictedAnswer } from "../../api/answers/predict-candles.ts";
import { reportAnswer, reportHtml } from "../../api/answers/report-answer.ts";
import { runList, startedRun } from "../../api/answers/run-answers.ts";
import { alive, health, modelList, prediction, ready, reloaded } from "../../api/answers/schemas.ts";
import { pointerAnswer, storedManifest, storedObject } from "../../api/answers/stored-objects.ts";
import { symbolList } from "../../api/answers/symbol-list.ts";
import { createApp } from "../../api/app.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";

interface Media {
  readonly schema: { readonly $ref: string };
  readonly example: unknown;
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: Readonly<Record<string, Media>> }>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const SCHEMAS = {
  Problem: problemSchema,
  Alive: alive,
  Health: health,
  ModelList: modelList,
  Prediction: prediction,
  Ready: ready,
  Report: reportAnswer,
  ReportPage: reportHtml,
  Reloaded: reloaded,
  SymbolList: symbolList,
  History: historyAnswer,
  Events: z.string(),
  PredictionFromCandles: predictedAnswer,
  HistoryCsv: z.string(),
  HistoryArrow: z.string(),
  Manifest: manifestAnswer,
  ManifestList: manifestList,
  ManifestComparison: comparisonAnswer,
  Pointer: pointerAnswer,
  StoredManifest: storedManifest,
  StoredObject: storedObject,
  RunList: runList,
  StartedRun: startedRun,
};

function emptyApp(change: { current?: () => never } = {}) {
  const registry = { ...createLiveRegistry(createMemoryStore(), { pollMs: 0 }), ...change };
  const reported: Error[] = [];
  return { app: createApp({ registry, now: () => 0, codeVersion: "0.0.0", onError: (error) => reported.push(error) }), reported };
}

async function readDocument(): Promise<OpenApi> {
  return (await (await emptyApp().app.request("/openapi.json")).json()) as OpenApi;
}

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "$ref") yield inner as string;
    else yield* referencesIn(inner);
  }
}

describe("the OpenAPI document", () => {
  test("shows for every answer a schema and an example that is of it", async () => {
    const { paths } = await readDocument();
    const media = Object.values(paths).flatMap((path) =>
      Object.values(path).flatMap(({ responses }) => Object.values(responses).flatMap(({ content }) => Object.values(content))),
    );
    expect(media.length).toBeGreaterThan(8);
    for (const { schema, example } of media) {
      const name = schema.$ref.replace("#/components/schemas/", "") as keyof typeof SCHEMAS;
      expect(SCHEMAS[name].parse(example)).toEqual(example);
    }
  });

  test("holds every schema that it refers to, and names every operation once", async () => {
    const document = await readDocument();
    const references = [...referencesIn(document)];
    expect(references.length).toBeGreaterThan(8);
    for (const reference of references)
      expect(Object.keys(document.components.schemas)).toContain(reference.replace("#/components/schemas/", ""));
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(ids).not.toContain(undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("shows examples that agree with themselves", () => {
    const { prediction: served, models, as_of_candle } = examplePrediction;
    const champion = models.find(({ role, task }) => role === "champion" && task === "regression");
    expect(served).toMatchObject({ served_by: champion?.name, price: champion?.price, log_return: champion?.log_return });
    expect(champion?.price).toBeCloseTo((as_of_candle.close as number) * Math.exp(champion?.log_return as number), 1);
    expect(exampleModels.symbols[0].models[0].file).toEqual(champion?.file);
  });
});

describe("errors", () => {
  test.each([
    ["DELETE", "/symbol/HET", "GET, HEAD"],
    ["PUT", "/reload", "GET, HEAD, POST"],
    ["POST", "/openapi.json", "GET, HEAD"],
  ])("%s %s is a 405 that names the methods that are allowed", async (method, path, allowed) => {
    const response = await emptyApp().app.request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allowed);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });

  test.each(["/openapixjson", "/assets/unknown.css", "/symbols", "/symbol/BTC/x", "/symbol/%E0%A4%A/x"])("%s is a 404", async (path) => {
    const response = await emptyApp().app.request(path);
    expect(response.status).toBe(404);
    expect(problemSchema.parse(await response.json()).status).toBe(404);
  });

  test("a failure inside is a 500 without stack or detail, and is reported", async () => {
    const failing = () => {
      throw new Error("password=hunter2");
    };
    const { app, reported } = emptyApp({ current: failing });
    const response = await app.request("/symbol/BTC");
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(text).not.toMatch(/hunter2|\bat /);
    expect(reported.map(({ message }) => message)).toEqual(["password=hunter2"]);
  });
});

test("Swagger UI asks no online validator", async () => {
  expect(await (await emptyApp().app.request("/docs/start.js")).text()).toContain("validatorUrl: null");
});
