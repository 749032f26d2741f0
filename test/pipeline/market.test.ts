import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Reproduction } from "../../operations/reproduce.ts";
import type { PipelineResult } from "../../workflows/contract.ts";
import { type Market, marketAvailable, startMarket } from "../market-server.ts";
import { runCommandOver } from "./run-command.ts";
import { listObjects, type System, startSystem } from "./system.ts";

type Prices = Record<"open_time" | "open" | "high" | "low" | "close" | "volume" | "quote_volume", number>;
type StoredCandle = Prices & { readonly symbol: string };

/** All daily candles that the stand-in for Binance serves, the open one last. */
async function servedCandles(url: string, symbol: string): Promise<Prices[]> {
  const candles: Prices[] = [];
  for (let startTime = 1; ; ) {
    const page = (await (
      await fetch(`${url}/api/v3/klines?symbol=${symbol}USDT&interval=1d&limit=1000&startTime=${startTime}`)
    ).json()) as (number | string)[][];
    if (page.length === 0) return candles;
    for (const row of page) {
      const [open_time, open, high, low, close, volume, , quote_volume] = row.map(Number);
      candles.push({ open_time, open, high, low, close, volume, quote_volume });
    }
    startTime = Number(page[page.length - 1][0]) + 1;
  }
}

const INPUT = { symbols: ["BTC", "ADA", "XRP", "HET"], asOf: "2020-12-31T12:00:00Z" } as const;

describe.skipIf(!marketAvailable)("pipeline on real candles", () => {
  let market: Market;
  let system: System;
  let result: PipelineResult;

  beforeAll(async () => {
    market = await startMarket();
    system = await startSystem({ BINANCE_URL: market.url, KRAKEN_URL: market.url });
    result = await system.run(INPUT);
  }, 300_000);
  const runCommand = (line: string) => runCommandOver(system.storeFolder, line);
  afterAll(async () => {
    await system?.stop();
    await market?.stop();
  });

  test("publishes every symbol, learned from all candles closed by its clock", async () => {
    expect(result.symbols.map(({ symbol, status, lastOpenTime }) => [symbol, status, lastOpenTime])).toEqual(
      INPUT.symbols.map((symbol) => [symbol, "ok", "2020-12-30T00:00:00.000Z"]),
    );
    const manifest = await system.manifest();
    expect(Object.keys(manifest?.symbols ?? {})).toEqual([...INPUT.symbols].sort());
    const btc = manifest?.symbols.BTC;
    expect(btc?.candles.rows).toBe(3814);
    expect(btc?.models.map(({ n }) => n).every((n) => n > 2_000)).toBe(true);
    expect(manifest?.symbols.HET).toMatchObject({ simulated: true, source: "simulated" });
  });

  test("keeps simulated coins out of the real ones' pool", async () => {
    const manifest = await system.manifest();
    const file = (symbol: string) => manifest?.symbols[symbol].models.find(({ name }) => name === "gradient_boosting")?.file?.key;
    expect(file("BTC")).toBe(file("XRP"));
    expect(file("BTC")).not.toBe(file("HET"));
  });

  test("pyarrow and DuckDB read every closed candle once, equal to what the source served", async () => {
    const { getPython } = (await import(new URL("../../scripts/python-venv.mjs", import.meta.url).href)) as {
      getPython(): Promise<string>;
    };
    const script = fileURLToPath(new URL("../../scripts/read-candles.py", import.meta.url));
    const { stdout } = await promisify(execFile)(await getPython(), [script, system.storeFolder], { maxBuffer: 1 << 28 });
    const read = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as StoredCandle);
    for (const symbol of INPUT.symbols.filter((name) => name !== "HET")) {
      const served = await servedCandles(market.url, symbol);
      expect(served.at(-1)?.open_time).toBe(Date.parse("2020-12-31"));
      const stored = read.filter((candle) => candle.symbol === symbol);
      expect(
        stored.map(({ open_time, open, high, low, close, volume, quote_volume }) => ({
          open_time,
          open,
          high,
          low,
          close,
          volume,
          quote_volume,
        })),
      ).toEqual(served.slice(0, -1));
    }
  }, 120_000);

  test("every feature file and model can be made again from the candles, to the same digest", async () => {
    const { code, out } = await runCommand("reproduce --json");
    const { objects, lost } = JSON.parse(out) as Pick<Reproduction, "objects" | "lost">;
    expect(lost).toEqual([]);
    expect(objects.filter(({ kind }) => kind === "features")).toHaveLength(INPUT.symbols.length);
    expect(objects.filter(({ kind }) => kind === "model")).toHaveLength(2 * 5);
    expect(objects.filter(({ equal }) => !equal)).toEqual([]);
    expect(code).toBe(0);
  }, 120_000);

  test("every object that the manifest names is stored as it was published", async () => {
    const { code, out } = await runCommand("verify");
    expect(out.split("\n").filter((line) => !line.startsWith("ok "))).toEqual([expect.stringMatching(/^(\d+) of \1 objects/)]);
    expect(code).toBe(0);
  });

  test("the same run again writes no object", async () => {
    const before = await listObjects(system.store);
    const again = await system.run(INPUT);
    expect(again.manifest).toMatchObject({ version: result.manifest?.version, published: false });
    expect(await listObjects(system.store)).toEqual(before);
  }, 120_000);

  test("an incremental run asks for the newest candles only", async () => {
    await market.control({ resetStats: true });
    await system.run({ ...INPUT, symbols: ["BTC", "ADA"] });
    expect((await market.stats()).requests).toBe(2);
  }, 120_000);

  test("a symbol that fails keeps its former entry as stale, with the reason, and the others go on", async () => {
    await market.control({
      faults: [
        { match: "ADA", kind: "http-451", times: 1 },
        { match: "ADA", kind: "error-200", times: 100 },
      ],
    });
    const before = await system.manifest();
    const failed = await system.run(INPUT);
    await market.control({ faults: [] });
    expect(failed.symbols.map(({ status }) => status)).toEqual(["ok", "failed", "ok", "ok"]);
    const manifest = await system.manifest();
    expect(manifest?.symbols.ADA).toMatchObject({
      status: "stale",
      staleReason: expect.stringMatching(/^ADA: no candles could be fetched: /),
      stale: { code: "run_failed", error: expect.stringMatching(/^ADA: no candles could be fetched: /) },
    });
    expect(manifest?.symbols.ADA.models).toHaveLength(6);
    expect(manifest?.symbols.BTC.status).toBe("fresh");
    expect(manifest?.previous).toBe(before?.version);
  }, 240_000);
});
