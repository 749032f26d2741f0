import { describe, expect, test } from "vitest";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { hasLeftUniverse, markFresh, markStale } from "../../core/manifests/staleness.ts";
import { sampleManifest } from "./sample-manifest.ts";

const { BTC } = sampleManifest().symbols;
const LEFT = { code: "left_universe", rank: 7, top: 5, by: "market cap", source: "cryptocompare" } as const;
const settings = (interval: "1d" | "1h", horizon: number) => ({ interval, horizon });
const OTHER = { code: "other_settings", made: settings("1d", 1), runs: settings("1h", 4) } as const;

const store = (entry: SymbolEntry) => encodeManifest({ ...sampleManifest(), symbols: { BTC: entry } });
const reread = (entry: SymbolEntry) => parseManifest(store(entry)).symbols.BTC;
/** As manifests were stored before the reason was a value. */
const withSentence = (staleReason: string | null): SymbolEntry => ({ ...BTC, status: "stale", staleReason });

describe("a stale entry", () => {
  test.each([
    [LEFT, "BTC has left the 5 largest coins by market cap at cryptocompare: it is number 7"],
    [{ ...LEFT, rank: null }, "BTC has left the 5 largest coins by market cap at cryptocompare: cryptocompare ranks it no longer"],
    [OTHER, "made for 1 × 1d; runs are now for 4 × 1h"],
    [{ code: "run_failed", error: "BTC: no candles could be fetched" } as const, "BTC: no candles could be fetched"],
  ])("has its reason as a value and as a sentence: %j", (stale, staleReason) => {
    const entry = markStale(BTC, stale);
    expect(entry).toEqual({ ...BTC, status: "stale", staleReason, stale });
    expect(reread(entry)).toEqual(entry);
  });

  test("that fails again in the same way is the same, byte for byte, after it was stored", () => {
    const stored = reread(markStale(BTC, LEFT));
    expect(JSON.stringify(markStale(stored, { ...LEFT }))).toBe(JSON.stringify(stored));
  });

  test("that becomes fresh is stored as if it had never been stale", () => {
    expect(store(markFresh(markStale(BTC, LEFT)))).toEqual(store(BTC));
  });

  test("has left the universe only if its reason is that, whatever an error message says", () => {
    expect(hasLeftUniverse(markStale(BTC, LEFT))).toBe(true);
    const error = "BTC has left the 5 largest coins by market cap at cryptocompare: it is number 7";
    expect(hasLeftUniverse(reread(markStale(BTC, { code: "run_failed", error })))).toBe(false);
    expect(hasLeftUniverse(BTC)).toBe(false);
  });
});

describe("a manifest that has the reason as a sentence only", () => {
  test.each([
    ["BTC has left the 5 largest coins by market cap at cryptocompare: it is number 7", LEFT],
    ["BTC has left the 5 largest coins by market cap at cryptocompare: cryptocompare ranks it no longer", { ...LEFT, rank: null }],
    ["BTC: no candles could be fetched", { code: "unknown" }],
    ["made for 1 × 1d; runs are now for 4 × 1h", { code: "unknown" }],
    [null, { code: "unknown" }],
  ])("is read with the reason's value: %s", (sentence, stale) => {
    expect(reread(withSentence(sentence))).toEqual({ ...withSentence(sentence), stale });
  });

  test("is read as it is where its entries are fresh", () => {
    expect(reread(BTC)).toEqual(BTC);
    expect(Object.keys(reread(BTC))).not.toContain("stale");
  });
});
