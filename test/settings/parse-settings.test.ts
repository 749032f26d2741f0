import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parseSettings } from "../../settings/parse-settings.ts";

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

  test("put the store into STATE_DIR where nothing else is said, and symbols into upper case once", () => {
    const settings = parseSettings({ STATE_DIR: "elsewhere", SYMBOLS: "btc, Het,BTC", LOG_LEVEL: "debug", PORT: " " });
    expect(settings).toMatchObject({ storeUrl: "file:elsewhere/store", symbols: ["BTC", "HET"], logLevel: "DEBUG", port: 8000 });
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

  test("want a key for cryptocompare", () => {
    expect(() => parseSettings({ CANDLE_SOURCE: "cryptocompare" })).toThrow(/CRYPTOCOMPARE_API_KEY is not set/);
  });
});
