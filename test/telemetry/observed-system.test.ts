import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from "@temporalio/worker";
import { beforeAll, describe, expect, test } from "vitest";
import { METRICS, type MetricSpec } from "../../telemetry/metrics-catalog.ts";
import { samplesOf, sampleValue } from "./exposition.ts";
import { API_KEY, CALLER, COLLECTOR_TOKEN, type Observed, observeSystem } from "./observed-system.ts";
import type { ReceivedSpan } from "./otlp-receiver.ts";
import { alertExpressions, dashboardExpressions, usesIn } from "./promql.ts";

Runtime.install({ logger: new DefaultLogger("ERROR", () => {}), shutdownSignals: [] });

let seen: Observed;
beforeAll(async () => {
  seen = await observeSystem();
}, 240_000);

function span(name: string, attributes: Readonly<Record<string, string | number>> = {}): ReceivedSpan {
  const found = seen.receiver.spans.find(
    (candidate) => candidate.name === name && Object.entries(attributes).every(([key, value]) => candidate.attributes[key] === value),
  );
  if (!found) throw new Error(`no span ${name}; there are ${seen.receiver.spans.map(({ name }) => name).join(", ")}`);
  return found;
}

/** Names of a span and of those around it, innermost first. */
function wayUp(from: ReceivedSpan): string[] {
  const parent = seen.receiver.spans.find(({ spanId, traceId }) => spanId === from.parentSpanId && traceId === from.traceId);
  return parent ? [from.name, ...wayUp(parent)] : [from.name];
}

describe("the trace of a run", () => {
  test("leads from its start through workflow, child workflow and activity to the request and the stored object", () => {
    const child = ["StartActivity:fetchBatch", "RunWorkflow:ingestBatch", "StartChildWorkflow:ingestBatch", "RunWorkflow:pipeline"];
    expect(wayUp(span("simulated request"))).toEqual(["simulated request", "RunActivity:fetchBatch", ...child, "StartWorkflow:pipeline"]);
    const stored = seen.receiver.spans.find(
      ({ name, attributes }) => name === "store put" && /^data\/candles/.test(String(attributes.key)),
    );
    expect(wayUp(stored as ReceivedSpan)).toEqual(["store put", "RunActivity:fetchBatch", ...child, "StartWorkflow:pipeline"]);
    const training = ["RunActivity:trainModel", "StartActivity:trainModel", "RunWorkflow:pipeline", "StartWorkflow:pipeline"];
    expect(wayUp(span("RunActivity:trainModel"))).toEqual(training);
  });

  test("is a single one, shared by the command line and the worker", () => {
    const { traceId } = span("StartWorkflow:pipeline");
    const trace = seen.receiver.spans.filter((candidate) => candidate.traceId === traceId);
    expect(new Set(trace.map(({ service }) => service))).toEqual(new Set(["candlecast-cli", "candlecast-worker"]));
    expect(new Set(trace.map(({ name }) => name.split(":")[1]).filter(Boolean))).toEqual(
      new Set(
        "pipeline planRun ingestBatch planBatch fetchBatch buildBatch planTraining trainModel assessGroup publishManifest score scoreForecasts".split(
          " ",
        ),
      ),
    );
    expect(new Set(trace.map(({ spanId }) => spanId)).size).toBe(trace.length);
  });

  test("of a run without a parent has the run's id, and ends with the reason of the failure", () => {
    const refused = span("RunWorkflow:pipeline", { temporalWorkflowId: "refused" });
    expect(refused).toMatchObject({ failed: true, parentSpanId: "", attributes: { "error.type": "InvalidInput" } });
    expect(refused.traceId).toBe(String(refused.attributes.run_id).replaceAll("-", ""));
  });

  test("leaves a history that replays without tracing", async () => {
    const workflowsPath = fileURLToPath(new URL("../../workflows/index.ts", import.meta.url));
    const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger("ERROR") });
    await Worker.runReplayHistory({ workflowBundle }, seen.history, seen.workflowId);
  });
});

describe("the trace of an API request", () => {
  test("continues the caller's, has route and status, and is returned to the caller", () => {
    const served = span("GET /symbol/{symbol}", { "http.response.status_code": 200 });
    expect(served).toMatchObject({
      service: "candlecast-api",
      traceId: CALLER.traceId,
      parentSpanId: CALLER.spanId,
      failed: false,
      attributes: { "http.request.method": "GET", "http.route": "/symbol/{symbol}", "url.path": "/symbol/HET" },
    });
    expect(seen.traceResponse).toBe(`00-${CALLER.traceId}-${served.spanId}-01`);
  });

  test("doesn't exist for probes", () => {
    expect(sampleValue(seen.scrapes.api, "candlecast_http_request_duration_seconds_count", { route: "/live" })).toBe(1);
    expect(seen.receiver.spans.map(({ name }) => name)).not.toContain("GET /live");
  });

  test("is a new one if the caller sends none", () => {
    expect(span("GET /symbol/{symbol}", { "http.response.status_code": 404 })).toMatchObject({ parentSpanId: "" });
  });
});

test("no secret is in a span or a metric; the collector's token is sent as a header", () => {
  const said = [...seen.receiver.raw, ...Object.values(seen.scrapes)].join("\n");
  expect(said).toContain("cryptocompare");
  expect(said).not.toContain(API_KEY);
  expect(said).not.toContain(COLLECTOR_TOKEN);
  expect(seen.receiver.headers.every(({ authorization }) => authorization === `Bearer ${COLLECTOR_TOKEN}`)).toBe(true);
});

describe("metrics", () => {
  test("of the worker count steps, requests and candles by outcome", () => {
    const { worker } = seen.scrapes;
    expect(sampleValue(worker, "candlecast_candles_total", { source: "simulated", outcome: "added" })).toBe(730);
    expect(sampleValue(worker, "candlecast_source_requests_total", { source: "simulated", outcome: "ok" })).toBe(1);
    expect(sampleValue(worker, "candlecast_source_requests_total", { source: "cryptocompare", outcome: "Unauthorized" })).toBe(1);
    expect(sampleValue(worker, "candlecast_source_requests_total", { source: "cryptocompare", outcome: "ok" })).toBe(0);
    expect(sampleValue(worker, "candlecast_activity_duration_seconds_count", { activity_type: "trainModel", outcome: "ok" })).toBe(5);
    // A coin that fails is a result of its batch's step.
    expect(sampleValue(worker, "candlecast_activity_duration_seconds_count", { activity_type: "fetchBatch", outcome: "ok" })).toBe(2);
    expect(sampleValue(worker, "temporal_num_pollers", { task_queue: "candlecast", poller_type: "workflow_task" })).toBeGreaterThan(0);
  });

  test("of the API show what is served, its skill and its age", () => {
    const { api } = seen.scrapes;
    const { newestCandle, candleInterval, manifestAsOf, manifestCreated } = METRICS;
    expect(sampleValue(api, "candlecast_manifest_loaded")).toBe(1);
    expect(sampleValue(api, newestCandle.name, { symbol: "HET" })).toBe(Date.parse("2016-12-31T00:00:00Z") / 1000);
    expect(sampleValue(api, candleInterval.name, { symbol: "HET" })).toBe(86_400);
    expect(sampleValue(api, manifestAsOf.name)).toBe(Date.parse("2016-12-31T12:00:00Z") / 1000);
    expect(Math.abs(Date.now() / 1000 - sampleValue(api, manifestCreated.name))).toBeLessThan(600);
    expect(api.match(/^candlecast_model_role\{/gm)).toHaveLength(6);
    expect(api.match(/symbol="HET"/g)?.length).toBeLessThanOrEqual(44);
    expect(sampleValue(api, "candlecast_model_skill_ratio", { symbol: "HET", model: "gradient_boosting" })).toBeLessThan(1);
    expect(sampleValue(api, "candlecast_predictions_total", { symbol: "HET" })).toBe(1);
    expect(sampleValue(api, "candlecast_http_request_duration_seconds_count", { route: "/symbol/{symbol}", status: "404" })).toBe(1);
  });

  test("show that a history doesn't replay with this code", () => {
    const labels = { failure_reason: "NonDeterminismError", workflow_type: "pipeline" };
    expect(sampleValue(seen.scrapes.worker, "temporal_workflow_task_execution_failed_total", labels)).toBeGreaterThan(0);
  });

  test("of this project are exactly those of the catalogue", () => {
    for (const { name, type, labels, at } of Object.values<MetricSpec>(METRICS)) {
      const text = at === "worker" ? seen.scrapes.worker : seen.scrapes.api;
      expect(text).toContain(`# TYPE ${name} ${type}\n`);
      const sample = samplesOf(text).get(type === "histogram" ? `${name}_count` : name);
      if (sample) expect([...sample].sort()).toEqual([...labels].sort());
    }
    const families = [...`${seen.scrapes.worker}\n${seen.scrapes.api}`.matchAll(/^# TYPE (candlecast_\w+)/gm)].map(([, name]) => name);
    expect(families.sort()).toEqual(
      Object.values(METRICS)
        .map(({ name }) => name)
        .sort(),
    );
  });
});

/** Metrics that only appear after an event, with their labels. Their names must occur in the program that keeps them. */
const AFTER_AN_EVENT: Readonly<
  Record<string, { readonly labels: readonly string[]; readonly by: "server" | "SDK"; readonly said: string }>
> = {
  schedule_missed_catchup_window: { labels: ["namespace"], by: "server", said: "schedule_missed_catchup_window" },
  temporal_request_failure_total: { labels: ["operation"], by: "SDK", said: "request_failure" },
};

describe("dashboard and alert rules", () => {
  test.each([...dashboardExpressions(), ...alertExpressions()])("$where uses metrics and labels that exist", ({ where, expr }) => {
    const ours = Object.values<MetricSpec>(METRICS).flatMap(({ name, type, labels }) =>
      type === "histogram"
        ? ["_bucket", "_sum", "_count"].map((suffix) => [`${name}${suffix}`, suffix === "_bucket" ? [...labels, "le"] : labels] as const)
        : [[name, labels] as const],
    );
    const known = new Map<string, ReadonlySet<string>>([
      ...Object.values(seen.scrapes).flatMap((text) => [...samplesOf(text)]),
      ...ours.map(([name, labels]) => [name, new Set(labels)] as const),
      ...Object.entries(AFTER_AN_EVENT).map(([name, { labels }]) => [name, new Set(labels)] as const),
    ]);
    const uses = usesIn(where, expr);
    expect(uses.length).toBeGreaterThan(0);
    for (const { metric, labels } of uses) {
      expect([...known.keys()]).toContain(metric);
      expect([...(known.get(metric) ?? []), "instance", "job"]).toEqual(expect.arrayContaining([...labels]));
    }
  });

  test("use a few metrics that only appear after an event; the programs contain these names", () => {
    const shown = new Set(Object.values(seen.scrapes).flatMap((text) => [...samplesOf(text).keys()]));
    for (const [name, { by, said }] of Object.entries(AFTER_AN_EVENT)) {
      expect(shown).not.toContain(name);
      expect(readFileSync(by === "server" ? seen.temporalBinary : sdkLibrary()).includes(said)).toBe(true);
    }
  });

  test("unknown names and invalid expressions are detected", () => {
    expect(usesIn("here", 'rate(candlecast_nothing_total{symbol="BTC"}[5m])')).toEqual([
      { where: "here", metric: "candlecast_nothing_total", labels: ["symbol"] },
    ]);
    expect(() => usesIn("here", "sum by (rate(x[5m])")).toThrow(/not PromQL/);
  });
});

/** The native library behind the SDK, for this machine. */
function sdkLibrary(): string {
  const platform = `${{ x64: "x86_64", arm64: "aarch64" }[process.arch as string]}-${{ linux: "unknown-linux-gnu", darwin: "apple-darwin", win32: "pc-windows-msvc" }[process.platform as string]}`;
  return fileURLToPath(new URL(`../../node_modules/@temporalio/core-bridge/releases/${platform}/index.node`, import.meta.url));
}
