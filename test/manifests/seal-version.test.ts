import { describe, expect, test } from "vitest";
import { contentDigest, OWN_VERSION, sealVersion } from "../../core/manifests/seal-version.ts";
import { sampleManifest } from "./sample-manifest.ts";

const { version: _, ...content } = sampleManifest();
const { BTC } = content.symbols;

describe("a manifest's version", () => {
  // Versions of published manifests: another digest would make every stored manifest look changed.
  test("of the same content is the one that it has always been", () => {
    expect(sampleManifest().version).toBe("20201231T120000Z-3a9baa06");
    expect(sampleManifest("b", sampleManifest()).version).toBe("20201231T120000Z-278767d8");
  });

  test("is that of its time and of the first digits of its content's digest", () => {
    const sealed = sealVersion(content);
    expect(sealed.version).toBe(`20201231T120000Z-${contentDigest(sealed).slice(0, 8)}`);
    expect(sealVersion({ ...content, createdAt: "2021-01-01T00:00:00.000Z" }).version).toMatch(/^20210101T000000Z-/);
    expect(sealVersion({ ...content, horizon: 2 }).version).not.toBe(sealed.version);
  });

  test("is named by the entries that it makes, not by those that it keeps, and is found again from them", () => {
    const sealed = sealVersion({ ...content, symbols: { BTC: { ...BTC, since: OWN_VERSION }, ETH: { ...BTC, symbol: "ETH" } } });
    expect(sealed.symbols.BTC.since).toBe(sealed.version);
    expect(sealed.symbols.ETH.since).toBe(BTC.since);
    expect(sealed.version.endsWith(contentDigest(sealed).slice(0, 8))).toBe(true);
    const changed = { ...sealed, symbols: { ...sealed.symbols, ETH: { ...sealed.symbols.ETH, source: "file" } } };
    expect(contentDigest(changed)).not.toBe(contentDigest(sealed));
  });
});
