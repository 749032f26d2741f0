import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type CheckableFolder, serveCheckable } from "./checkable-folder.ts";

const folder = temporaryFolder();
let served: CheckableFolder;

beforeAll(async () => {
  served = await serveCheckable(folder.path);
});

afterAll(async () => {
  await served?.close();
  folder.remove();
});

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${served.url}${path}`, { headers });
const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

async function problemOf(response: Response) {
  const { status, type } = problemSchema.parse(await response.json());
  return { status, type, cache: response.headers.get("cache-control") };
}

describe("what a served prediction was made from", () => {
  test("is given out byte for byte by its digest, to be kept for ever", async () => {
    const { candles, features, models, report } = served.manifest.symbols.HET;
    const refs = [...candles.objects, features, ...models.flatMap(({ file }) => file ?? []), ...(report ? [report] : [])];
    expect(refs.length).toBeGreaterThan(8);
    for (const { key, sha256, bytes } of refs) {
      const response = await get(`/objects/${sha256}`);
      expect(response.headers.get("content-type")).toBe("application/octet-stream");
      expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      const got = await bytesOf(response);
      expect(got).toHaveLength(bytes);
      expect(sha256Hex(got)).toBe(sha256);
      expect(got).toEqual(new Uint8Array((await served.store.get(key))?.bytes ?? []));
    }
    expect((await get(`/objects/${features.sha256}`, { "If-None-Match": `"${features.sha256}"` })).status).toBe(304);
  });

  test("is all that is given out of the store", async () => {
    const { evaluation } = served.manifest.symbols.HET;
    const pointer = (await (await get("/pointer")).json()) as { sha256: string };
    for (const digest of [evaluation.sha256, pointer.sha256, "0".repeat(64), "0", `../models/${"0".repeat(64)}`, "%2e%2e"]) {
      const { status, type, cache } = await problemOf(await get(`/objects/${encodeURIComponent(digest)}`));
      expect({ status, type, cache }).toEqual({ status: 404, type: "urn:problem-type:candlecast:unknown-object", cache: "no-store" });
    }
  });

  test("is not kept by caches where its bytes are others than its digest says, and is gone where it is gone", async () => {
    const { key, sha256 } = served.manifest.symbols.HET.features;
    const stored = await served.store.get(key);
    const whole = new Uint8Array(stored?.bytes ?? []);
    const { etag } = await served.store.put(
      key,
      whole.map((byte, i) => (i === 99 ? byte ^ 1 : byte)),
      { ifMatch: stored?.etag ?? "" },
    );
    const response = await get(`/objects/${sha256}`, { "If-None-Match": `"${sha256}"` });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(sha256Hex(await bytesOf(response))).not.toBe(sha256);
    await served.store.put(key, whole, { ifMatch: etag });
    await served.store.delete(key);
    const { status, type } = await problemOf(await get(`/objects/${sha256}`));
    expect({ status, type }).toEqual({ status: 410, type: "urn:problem-type:candlecast:object-gone" });
    await served.store.put(key, whole, { ifAbsent: true });
  });
});

describe("a stored manifest", () => {
  test("is given out byte for byte, with its digest in the pointer", async () => {
    const { version } = served.manifest;
    const stored = await bytesOf(await get(`/manifests/${version}/stored`));
    expect(stored).toEqual(new Uint8Array((await served.store.get(`manifests/${version}.json`))?.bytes ?? []));
    expect(await (await get("/pointer")).json()).toEqual({ version, key: `manifests/${version}.json`, sha256: sha256Hex(stored) });
  });

  test.each(["latest", "20170101T000000Z-00000000", "..%2fmodels"])("%s is unknown", async (version) => {
    expect((await problemOf(await get(`/manifests/${version}/stored`))).status).toBe(404);
  });
});

describe("without what makes the code for browsers", () => {
  test("the coin page says that checking isn't available, and the code isn't there", async () => {
    const registry = createLiveRegistry(served.store, { pollMs: 0 });
    await registry.reload();
    const app = createApp({ registry, now: Date.now, codeVersion: "0.0.0" });
    const page = await (await app.request("/coin/HET")).text();
    expect(page).toContain("Checking isn’t available here");
    expect(page).not.toContain("check-button");
    expect((await app.request("/assets/checker.mjs")).status).toBe(404);
  });
});
