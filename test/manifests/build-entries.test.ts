import { describe, expect, test } from "vitest";
import type { Assessment } from "../../core/evaluation/assess.ts";
import { trainingDigest } from "../../core/evaluation/training-groups.ts";
import { buildEntries, type Findings, namedByFindings, type SymbolNews } from "../../core/manifests/build-entries.ts";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { OWN_VERSION } from "../../core/manifests/seal-version.ts";
import { sampleManifest } from "./sample-manifest.ts";

const sample = sampleManifest();
const { BTC: entry } = sample.symbols;
const [{ file: _, ...model }] = entry.models;
const object = (key: string) => ({ ...entry.features, key });

/** A published manifest of these coins. */
function published(...entries: Partial<SymbolEntry>[]): Manifest {
  const symbols = entries.map((change) => ({ ...entry, ...change }));
  return { ...sample, symbols: Object.fromEntries(symbols.map((each) => [each.symbol, each])) };
}

function findings(change: Partial<Findings> = {}): Findings {
  return { interval: "1d", asOf: entry.candles.lastOpenTime, horizon: 1, news: [], groups: [], universe: null, ...change };
}

const good = (symbol: string): SymbolNews => ({ symbol, error: null, facts: { ...entry, features: object(`features of ${symbol}`) } });
const failed = (symbol: string): SymbolNews => ({ symbol, error: `${symbol}: no candles`, facts: null });

function group(symbols: string[], scope: "pooled" | "coin" = "pooled", change: Partial<typeof model> = {}) {
  const assessment: Assessment = Object.fromEntries(symbols.map((symbol) => [symbol, [{ ...model, scope, ...change }]]));
  return {
    key: `${scope}/x`,
    scope,
    digest: `digest of ${scope}`,
    symbols,
    models: [{ algorithm: model.name, file: object(`model of ${scope}`) }],
    evaluation: object(`evaluation of ${scope}`),
    assessment,
    reports: Object.fromEntries(symbols.map((symbol) => [symbol, object(`report of ${scope} ${symbol}`)])),
  };
}

describe("a coin whose candles have ended", () => {
  const later = (days: number) => new Date(Date.parse(entry.candles.lastOpenTime) + days * 86_400_000).toISOString();

  test("is stale by its newest candle, though its run went well, and fresh once a newer one comes", () => {
    const change = { news: [good("BTC")], groups: [group(["BTC"])] };
    expect(buildEntries(null, findings({ ...change, asOf: later(4.5) })).BTC).toMatchObject({ status: "fresh", staleReason: null });
    const { BTC } = buildEntries(null, findings({ ...change, asOf: later(5) }));
    expect(BTC).toMatchObject({
      status: "stale",
      staleReason: expect.stringMatching(/^its newest candle is of .*: \S+ has had none of the 4 since then$/),
      stale: { code: "candles_ended", missing: 4 },
    });
    const unchanged = buildEntries(published({ ...BTC, symbol: "BTC" }), findings({ news: [good("BTC")], asOf: later(1) }));
    expect(unchanged.BTC).toMatchObject({ status: "fresh", staleReason: null });
  });
});

describe("the entries of the next manifest", () => {
  test("are new for what was trained, in the order of their symbols", () => {
    const entries = buildEntries(null, findings({ news: [good("HET"), good("BTC")], groups: [group(["BTC", "HET"])] }));
    expect(Object.keys(entries)).toEqual(["BTC", "HET"]);
    expect(entries.HET).toMatchObject({
      symbol: "HET",
      simulated: true,
      status: "fresh",
      since: OWN_VERSION,
      features: { key: "features of HET" },
      trainingDigest: trainingDigest(["digest of pooled"]),
      evaluation: { key: "evaluation of pooled" },
      report: { key: "report of pooled HET" },
      models: [{ name: model.name, file: { key: "model of pooled" } }],
    });
    expect(entries.BTC.simulated).toBe(false);
  });

  test("of two scopes have one champion a task, and the report of the champion's scope", () => {
    const better = { skill: { ...model.skill, value: 0.5 } };
    const groups = [group(["BTC"]), group(["BTC"], "coin", better)];
    const { BTC } = buildEntries(null, findings({ news: [good("BTC")], groups }));
    expect(BTC.models.map(({ scope, role }) => [scope, role])).toEqual([
      ["pooled", "challenger"],
      ["coin", "champion"],
    ]);
    expect(BTC.report?.key).toBe("report of coin BTC");
    expect(BTC.trainingDigest).toBe(trainingDigest(groups.map(({ digest }) => digest)));
  });

  test("of coins that this run doesn't touch stay as they are", () => {
    const previous = published({ symbol: "ADA" }, { symbol: "LTC", status: "stale", staleReason: "LTC: failed" });
    const entries = buildEntries(previous, findings({ news: [good("BTC")], groups: [group(["BTC"])] }));
    expect(entries.ADA).toEqual(previous.symbols.ADA);
    expect(entries.LTC).toEqual(previous.symbols.LTC);
  });

  test("are fresh again where the same training holds still", () => {
    const previous = published({ symbol: "BTC", status: "stale", staleReason: "BTC: failed" }, { symbol: "ADA" });
    const entries = buildEntries(previous, findings({ news: [good("BTC"), good("ADA")] }));
    expect(entries.BTC).toEqual({ ...previous.symbols.BTC, status: "fresh", staleReason: null });
    expect(entries.ADA).toEqual(previous.symbols.ADA);
  });

  test("of a symbol that failed are its former ones, stale with the reason; a new symbol has none", () => {
    const entries = buildEntries(published({ symbol: "BTC" }), findings({ news: [failed("BTC"), failed("NEW")] }));
    expect(entries).toEqual({
      BTC: { ...entry, status: "stale", staleReason: "BTC: no candles", stale: { code: "run_failed", error: "BTC: no candles" } },
    });
  });

  test("of a coin that left the universe are stale, unless the run was for it", () => {
    const universe = {
      top: 2,
      source: "binance",
      by: "quote volume" as const,
      rankedAt: "2020-12-31T00:00:00.000Z",
      symbols: ["BTC"],
      problem: null,
      left: [
        { symbol: "LTC", rank: 7 },
        { symbol: "ADA", rank: null },
      ],
    };
    const previous = published({ symbol: "LTC" }, { symbol: "ADA" });
    const entries = buildEntries(previous, findings({ news: [good("ADA")], universe }));
    expect(entries.LTC).toMatchObject({ status: "stale", staleReason: expect.stringContaining("number 7") });
    expect(entries.ADA.status).toBe("fresh");
  });

  test.each([{ horizon: 5 }, { interval: "1h" as const }])("for another %j are stale from now on", (change) => {
    const entries = buildEntries(published({ symbol: "ADA" }), findings(change));
    expect(entries.ADA).toMatchObject({ status: "stale", staleReason: expect.stringMatching(/^made for 1 × 1d; runs are now for/) });
  });

  test("name objects that are all looked for before they are published", () => {
    const found = namedByFindings({ news: [good("BTC"), good("ADA"), failed("LTC")], groups: [group(["BTC"])] }).map(({ key }) => key);
    expect(found.sort()).toEqual(["evaluation of pooled", "features of BTC", "model of pooled", "report of pooled BTC"]);
  });
});
