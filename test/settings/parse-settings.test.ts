import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../settings/parse-settings.ts";
import type { Setting } from "../../settings/setting.ts";
import { SETTINGS } from "../../settings/settings-table.ts";

describe("settings", () => {
  test("have a default each", () => {
    const settings = parseSettings({});
    expect(settings).toMatchObject({
      stateDir: ".data",
      storeUrl: "file:.data/store",
      scope: "pooled",
      interval: "1d",
      horizon: 1,
      port: 8000,
      host: "127.0.0.1",
    });
    expect(settings.symbols).toEqual(["BTC", "ETH", "ADA", "BNB", "XRP", "LTC", "DOGE", "LINK", "XLM", "TRX", "HET"]);
    expect(settings.cryptocompareApiKey).toBeNull();
  });

  test("put the store into STATE_DIR where STORE_URL is not set, and symbols into upper case once", () => {
    const settings = parseSettings({ STATE_DIR: "elsewhere", SYMBOLS: "btc, Het,BTC", LOG_LEVEL: "debug", PORT: " " });
    expect(settings).toMatchObject({ storeUrl: "file:elsewhere/store", symbols: ["BTC", "HET"], logLevel: "DEBUG", port: 8000 });
  });

  test("are read from another variable of the same meaning where the first is not set", () => {
    expect(parseSettings({}).s3Region).toBe("us-east-1");
    expect(parseSettings({ AWS_DEFAULT_REGION: "eu-west-1" }).s3Region).toBe("eu-west-1");
    expect(parseSettings({ AWS_REGION: "eu-north-1", AWS_DEFAULT_REGION: "eu-west-1" }).s3Region).toBe("eu-north-1");
  });

  test("of the worker: its build, its deployment, its addresses, its bundle", () => {
    const none = { workerBuildId: null, workerDeploymentName: "candlecast", workerHealthAddress: null, workflowBundle: null };
    expect(parseSettings({ WORKER_BUILD_ID: " " })).toMatchObject(none);
    const env = { WORKER_BUILD_ID: "build-a", WORKER_HEALTH_ADDRESS: "[::1]:9465", WORKFLOW_BUNDLE: "bundle.js" };
    expect(parseSettings(env)).toMatchObject({ workerBuildId: "build-a", workerHealthAddress: "[::1]:9465", workflowBundle: "bundle.js" });
    expect(() => parseSettings({ WORKER_HEALTH_ADDRESS: "localhost:9465" })).toThrow('WORKER_HEALTH_ADDRESS is "localhost:9465"');
  });

  test("take a free port for the API only where PORT_FALLBACK is 1", () => {
    expect([{}, { PORT_FALLBACK: "0" }, { PORT_FALLBACK: "1" }].map((env) => parseSettings(env).portFallback)).toEqual([
      false,
      false,
      true,
    ]);
    expect(() => parseSettings({ PORT_FALLBACK: "yes" })).toThrow(/PORT_FALLBACK is "yes", but should be one of 0, 1/);
  });

  test("that are wrong are all named at once, each with its value", () => {
    const wrong = {
      PORT: "80000",
      HORIZON: "0",
      SYMBOLS: "BTC,B/C",
      STORE_URL: "ftp://x",
      SCHEDULE: "daily",
      AS_OF: "yesterday",
      MODEL_SCOPE: "all",
    };
    const report = (() => {
      try {
        parseSettings(wrong);
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(report).toMatch(/^7 settings are wrong/);
    for (const [name, value] of Object.entries(wrong)) expect(report).toContain(`${name} is ${JSON.stringify(value)}, but should be`);
  });

  test("show no key, however they are printed", () => {
    const settings = parseSettings({ CRYPTOCOMPARE_API_KEY: "s3cr3t" });
    expect(settings.cryptocompareApiKey?.reveal()).toBe("s3cr3t");
    expect([JSON.stringify(settings), inspect(settings, { depth: 9 }), `${settings.cryptocompareApiKey}`].join()).not.toContain("s3cr3t");
  });

  test("have one variable each, shared with no other", () => {
    const variables = Object.values<Setting<unknown>>(SETTINGS).flatMap(({ variable, aliases = [] }) => [variable, ...aliases]);
    expect(new Set(variables).size).toBe(variables.length);
  });

  test("want a key for cryptocompare", () => {
    expect(() => parseSettings({ CANDLE_SOURCE: "cryptocompare" })).toThrow(/CRYPTOCOMPARE_API_KEY is not set/);
  });
});
