import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../settings/parse-settings.ts";
import { startTracing } from "../../telemetry/tracing.ts";

const ROOT = resolve(import.meta.dirname, "../..");

/** Packages of OpenTelemetry that a process imports while it loads worker and API and starts tracing with these settings. */
function importedPackages(env: Record<string, string>): string[] {
  const program = `
    import { registerHooks } from "node:module";
    registerHooks({ resolve(specifier, context, next) {
      if (specifier.startsWith("@opentelemetry/")) console.log(specifier);
      return next(specifier, context);
    } });
    await Promise.all(["worker.ts", "api/server.ts", "dev/temporal/connect.ts"].map((file) => import("${ROOT}/" + file)));
    const { startTracing } = await import("${ROOT}/telemetry/tracing.ts");
    const { parseSettings } = await import("${ROOT}/settings/parse-settings.ts");
    const tracing = await startTracing(parseSettings(process.env).traces, { service: "test" });
    await tracing?.shutdown();
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return [...new Set(stdout.split("\n").filter(Boolean))];
}

describe("without a collector", () => {
  test("nothing is traced, and only OpenTelemetry's API is loaded, which the Prometheus client needs", async () => {
    expect(await startTracing(parseSettings({}).traces, { service: "test" })).toBeNull();
    expect(importedPackages({})).toEqual(["@opentelemetry/api"]);
    expect(importedPackages({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" })).toContain("@opentelemetry/sdk-trace");
  });

  test("an unreachable collector fails no work and doesn't delay the shutdown", async () => {
    const tracing = await startTracing(parseSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1" }).traces, { service: "test" });
    expect(await tracing?.span("work", {}, async () => 7)).toBe(7);
    await tracing?.shutdown();
  });
});

describe("settings of tracing", () => {
  test("are OpenTelemetry's own variables; those for traces win over the common ones", () => {
    expect(parseSettings({}).traces).toBeNull();
    expect(parseSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/" }).traces?.url).toBe("http://collector:4318/v1/traces");
    const own = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://a:1", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://b:2/traces" };
    expect(parseSettings(own).traces?.url).toBe("http://b:2/traces");
  });

  test.each([{ OTEL_SDK_DISABLED: "true" }, { OTEL_TRACES_EXPORTER: "none" }])("turn it off: %o", (off) => {
    expect(parseSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", ...off }).traces).toBeNull();
  });

  test("refuse unsupported protocols and bad headers, without showing a header", () => {
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };
    expect(() => parseSettings({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })).toThrow(/one of http\/protobuf/);
    const wrong = (() => {
      try {
        parseSettings({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: "s3cr3t" });
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(wrong).toMatch(/OTEL_EXPORTER_OTLP_HEADERS .*NAME=VALUE/);
    expect(wrong).not.toContain("s3cr3t");
    expect(JSON.stringify(parseSettings({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: "a=s3cr3t" }))).not.toContain("s3cr3t");
  });

  test.each(["9464", "localhost:9464", "127.0.0.1:0", "127.0.0.1:99999"])("the metrics' address %s is refused", (address) => {
    expect(() => parseSettings({ WORKER_METRICS_ADDRESS: address })).toThrow(/WORKER_METRICS_ADDRESS .*IP:PORT/);
  });
});
