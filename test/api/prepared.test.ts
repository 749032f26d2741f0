import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { chooseEncoding } from "../../api/http/prepared.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

const PATHS = [
  "/",
  "/coin/HET",
  "/runs",
  "/docs",
  "/symbol",
  "/symbol/HET",
  "/symbol/HET/report",
  "/symbol/HET/report.json",
  "/models",
  "/manifests",
];

let published: PublishedStore;
let registry: LiveRegistry;
let now = Date.parse("2017-06-01T12:00:00Z");
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  published = await createPublishedStore();
  await published.publish("2017-06-01T00:10:00.000Z");
  registry = createLiveRegistry(published.store, { pollMs: 0 });
  await registry.reload();
  app = createApp({ registry, now: () => now, codeVersion: "0.0.0", limits: { cacheSeconds: 600 } });
});

const ask = (path: string, headers: Record<string, string> = {}, method = "GET") => app.request(path, { method, headers });
const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

describe.each(PATHS)("%s", (path) => {
  test("has the same content in every encoding, each with a length and an ETag of its own", async () => {
    const plain = await ask(path);
    const text = await bytesOf(plain);
    expect(plain.status).toBe(200);
    expect(plain.headers.get("content-length")).toBe(String(text.length));
    expect(plain.headers.get("vary")).toContain("Accept-Encoding");
    const tags = new Set([plain.headers.get("etag")]);
    for (const [encoding, decode] of [["gzip", gunzipSync] as const, ["br", brotliDecompressSync] as const]) {
      const response = await ask(path, { "Accept-Encoding": encoding });
      const body = await bytesOf(response);
      expect(response.headers.get("content-length")).toBe(String(body.length));
      if (response.headers.get("content-encoding") === null) expect(text.length).toBeLessThan(1_000);
      else expect(decode(body)).toEqual(text);
      tags.add(response.headers.get("etag"));
    }
    expect(tags.size).toBe(text.length < 1_000 ? 1 : 3);
  });

  test("is a 304 without a body for who has it, and a 200 for who has another", async () => {
    const etag = (await ask(path)).headers.get("etag") ?? "";
    const known = await ask(path, { "If-None-Match": `"other", ${etag}` });
    expect(known.status).toBe(304);
    expect(await known.text()).toBe("");
    expect(known.headers.get("etag")).toBe(etag);
    expect((await ask(path, { "If-None-Match": '"other"' })).status).toBe(200);
  });

  test("has by HEAD the headers of GET, and no body", async () => {
    const [head, get] = [await ask(path, {}, "HEAD"), await ask(path)];
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
    for (const name of ["content-length", "etag", "content-type", "cache-control"])
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
  });
});

test("an answer is made once: two requests get the same bytes in memory", async () => {
  const made: unknown[] = [];
  const original = JSON.stringify;
  JSON.stringify = ((value: unknown, ...rest: []) => {
    made.push(value);
    return original(value, ...rest);
  }) as typeof JSON.stringify;
  try {
    for (let i = 0; i < 5; i++) await ask("/symbol/HET");
    for (let i = 0; i < 5; i++) await ask("/models", { "Accept-Encoding": "br" });
  } finally {
    JSON.stringify = original;
  }
  expect(made).toEqual([]);
});

describe("how long an answer may be kept", () => {
  const ageAt = async (time: string) => {
    now = Date.parse(time);
    return (await ask("/symbol/HET")).headers.get("cache-control");
  };

  test("is the set time, but not beyond the predicted close", async () => {
    expect(await ageAt("2017-06-01T12:00:00Z")).toBe("public, max-age=600");
    expect(await ageAt("2017-06-01T23:58:00Z")).toBe("public, max-age=120");
    expect(await ageAt("2017-06-01T23:59:59.500Z")).toBe("public, max-age=0");
  });

  test("is a few seconds once a newer manifest is due", async () => {
    expect(await ageAt("2017-06-02T00:00:00Z")).toBe("public, max-age=5");
    expect(await ageAt("2017-06-09T00:00:00Z")).toBe("public, max-age=5");
  });

  test("is for ever for a published manifest and for files with a digest in their names", async () => {
    const version = registry.current()?.manifest.version;
    const style = /assets\/style\.[0-9a-f]+\.css/.exec(await (await ask("/")).text())?.[0];
    for (const path of [`/manifests/${version}`, `/${style}`]) {
      expect((await ask(path)).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    }
  });

  test("changes with the answer: the bytes of the next day say that the candle has closed", async () => {
    now = Date.parse("2017-06-01T12:00:00Z");
    const before = (await ask("/symbol/HET")).headers.get("etag");
    now = Date.parse("2017-06-02T00:00:00Z");
    const after = await ask("/symbol/HET");
    expect(after.headers.get("etag")).not.toBe(before);
    expect(await after.text()).toContain("target_already_closed");
    now = Date.parse("2017-06-01T12:00:00Z");
  });
});

test.each([
  [undefined, "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip", "gzip"],
  ["br;q=0, gzip", "gzip"],
  ["br;q=0.2, gzip;q=0.9", "gzip"],
  ["*", "br"],
  ["identity;q=1, *;q=0", "identity"],
  ["deflate", "identity"],
])("Accept-Encoding: %s is answered by %s", (accepted, encoding) => {
  expect(chooseEncoding(accepted)).toBe(encoding);
});
