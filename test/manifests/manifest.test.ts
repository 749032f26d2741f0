import { describe, expect, test } from "vitest";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { manifestVersion } from "../../core/manifests/manifest-version.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { sampleManifest } from "./sample-manifest.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
type Loose = Record<string, unknown> & {
  symbols: Record<string, Record<string, unknown> & { models: Record<string, unknown>[]; candles: { objects: Record<string, unknown>[] } }>;
};
const changed = (change: (manifest: Loose) => void): Uint8Array => {
  const manifest = structuredClone(sampleManifest()) as unknown as Loose;
  change(manifest);
  return bytes(manifest);
};

test("a manifest is read back as it was written", () => {
  expect(parseManifest(encodeManifest(sampleManifest()))).toEqual(sampleManifest());
});

test("a manifest from before there were reports has none", () => {
  const old = parseManifest(changed(({ symbols }) => delete symbols.BTC.report));
  expect(old.symbols.BTC).toEqual({ ...sampleManifest().symbols.BTC, report: null });
});

test("a manifest that was published before some fields came is read with those unknown, never 0", () => {
  const older = changed(({ symbols }) => {
    const model = symbols.BTC.models[0] as Record<string, Record<string, unknown>>;
    for (const field of ["gateLower", "skills", "groupSkills", "baselines", "baselineInterval"]) delete model[field];
    for (const { field, of } of [
      { of: "skill", field: "upper" },
      { of: "groupSkill", field: "upper" },
      { of: "interval", field: "reason" },
    ])
      delete model[of][field];
  });
  const [model] = parseManifest(older).symbols.BTC.models;
  expect(model).toMatchObject({ gateLower: null, skills: [], groupSkills: [], baselines: {}, baselineInterval: null });
  expect([model.skill.upper, model.groupSkill.upper, model.interval?.reason]).toEqual([null, null, null]);
});

test("equal manifests have equal bytes, whatever the order of their keys", () => {
  const reversed = JSON.parse(JSON.stringify(sampleManifest()), (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).reverse()) : value,
  ) as Manifest;
  expect(Object.keys(reversed)).not.toEqual(Object.keys(sampleManifest()));
  expect(text(encodeManifest(reversed))).toBe(text(encodeManifest(sampleManifest())));
});

test("a version sorts by time and tells contents apart", () => {
  const at = Date.parse("2020-12-31T12:00:00.123Z");
  expect(manifestVersion(at, "1a2b3c4d5e")).toBe("20201231T120000Z-1a2b3c4d");
  expect(manifestVersion(at, "1a2b3c4d5e") < manifestVersion(at + 1_000, "0000000000")).toBe(true);
});

describe("refused as of another schema, by the name of its field, is", () => {
  test.each<[string, string, (manifest: Loose) => void]>([
    ["another schema", "schema", (m) => Object.assign(m, { schema: "candlecast.manifest/2" })],
    ["a version of another form", "version", (m) => Object.assign(m, { version: "../../etc" })],
    ["a previous version of another form", "previous", (m) => Object.assign(m, { previous: "x" })],
    ["a time that is none", "createdAt", (m) => Object.assign(m, { createdAt: "yesterday" })],
    ["a missing field", "asOf", (m) => delete m.asOf],
    ["a field too many", "shape", (m) => Object.assign(m, { more: 1 })],
    ["a horizon of half a candle", "horizon", (m) => Object.assign(m, { horizon: 0.5 })],
    ["an unknown interval", "interval", (m) => Object.assign(m, { interval: "2d" })],
    ["an unknown role", "symbols.BTC.models.0.role", (m) => Object.assign(m.symbols.BTC.models[0], { role: "best" })],
    ["an unknown model", "symbols.BTC.models.0.name", (m) => Object.assign(m.symbols.BTC.models[0], { name: "lstm" })],
    [
      "a metric that is a text",
      "symbols.BTC.models.0.metrics.rmse",
      (m) => Object.assign(m.symbols.BTC.models[0], { metrics: { rmse: "0.1" } }),
    ],
    ["an unknown baseline", "symbols.BTC.models.0.baselines", (m) => Object.assign(m.symbols.BTC.models[0], { baselines: { oracle: 1 } })],
    [
      "a baseline's value that is none",
      "symbols.BTC.models.0.baselines.drift",
      (m) => Object.assign(m.symbols.BTC.models[0], { baselines: { drift: null } }),
    ],
    [
      "a skill by another loss",
      "symbols.BTC.models.0.skills.0.loss",
      (m) => Object.assign((m.symbols.BTC.models[0].skills as object[])[0], { loss: "r2" }),
    ],
    [
      "a coverage of all",
      "symbols.BTC.models.0.interval.coverage",
      (m) => Object.assign(m.symbols.BTC.models[0], { interval: { coverage: 1, q: 1, n: 1 } }),
    ],
    [
      "a key that leaves the store",
      "symbols.BTC.candles.objects.0.key",
      (m) => Object.assign(m.symbols.BTC.candles.objects[0], { key: "a/../../b" }),
    ],
    [
      "an absolute key",
      "symbols.BTC.candles.objects.0.key",
      (m) => Object.assign(m.symbols.BTC.candles.objects[0], { key: "/etc/passwd" }),
    ],
    [
      "a digest that is too short",
      "symbols.BTC.candles.objects.0.sha256",
      (m) => Object.assign(m.symbols.BTC.candles.objects[0], { sha256: "ab" }),
    ],
    ["a negative size", "symbols.BTC.candles.objects.0.bytes", (m) => Object.assign(m.symbols.BTC.candles.objects[0], { bytes: -1 })],
    ["a symbol of another alphabet", "symbols", (m) => Object.assign(m.symbols, { "btc/..": m.symbols.BTC })],
    ["an entry under another symbol", "shape", (m) => Object.assign(m.symbols, { ETH: m.symbols.BTC })],
  ])("%s", (_, field, change) => {
    expect(() => parseManifest(changed(change))).toThrow(SchemaMismatchError);
    expect(() => parseManifest(changed(change))).toThrow(field);
  });

  test.each([null, 1, [], "text"])("%j", (value) => {
    expect(() => parseManifest(bytes(value))).toThrow(SchemaMismatchError);
  });
});

test("what is no JSON, or no UTF-8, is corrupt", () => {
  const whole = encodeManifest(sampleManifest());
  for (const damaged of [new Uint8Array(), whole.subarray(0, whole.length / 2), Uint8Array.of(0xff, 0xfe)])
    expect(() => parseManifest(damaged)).toThrow(CorruptObjectError);
});
