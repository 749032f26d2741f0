import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import { CorruptObjectError, PreconditionFailedError, PublishConflictError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { createS3Store } from "../../storage/object-store/s3-store.ts";
import { assertConditionalPuts } from "../../storage/registry/probe-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { manifestKey, POINTER_KEY, readLatest, readManifest, readPointer } from "../../storage/registry/reader.ts";
import { sampleManifest } from "../manifests/sample-manifest.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { startVersitygw } from "../versitygw.ts";
import { chainOf, publishAll, racePublishers } from "./races.ts";

const bytes = (value: string | object) => new TextEncoder().encode(typeof value === "string" ? value : JSON.stringify(value));
const run = (store: ObjectStore, runId: string) => publish(store, (previous) => sampleManifest(runId, previous));

const s3 = await startVersitygw().then(
  (server) => ({ server, why: "" }),
  (error: Error) => ({ server: null, why: error.message }),
);
if (s3.server === null) test.skip(`the registry in s3: skipped, because no S3 server can be had: ${s3.why}`, () => {});

const kinds: Record<string, () => Promise<{ store: ObjectStore; stop(): Promise<void> }>> = {
  memory: async () => ({ store: createMemoryStore(), stop: async () => {} }),
  "file:": async () => {
    const folder = temporaryFolder();
    return { store: createFileStore(folder.path), stop: async () => folder.remove() };
  },
};
if (s3.server) {
  const { server } = s3;
  kinds.s3 = async () => ({
    store: createS3Store({ bucket: server.bucket, prefix: crypto.randomUUID(), endpoint: server.endpoint }),
    stop: async () => {},
  });
}

beforeAll(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", s3.server?.accessKey ?? "");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", s3.server?.secretKey ?? "");
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await s3.server?.stop();
});

describe.each(Object.keys(kinds))("the registry in %s", (kind) => {
  let store: ObjectStore;
  beforeEach(async () => {
    const opened = await kinds[kind]();
    store = opened.store;
    return opened.stop;
  });

  test("has nothing before the first manifest", async () => {
    expect(await readLatest(store)).toBeNull();
    expect(await readPointer(store)).toBeNull();
    expect(await readManifest(store, "20201231T120000Z-00000000")).toBeNull();
  });

  test("gives the newest manifest, and each former one by its version", async () => {
    const first = await run(store, "a");
    const second = await run(store, "b");
    expect(first).toEqual({ manifest: sampleManifest("a"), published: true });
    expect(second.manifest.previous).toBe(first.manifest.version);
    const latest = await readLatest(store);
    expect(latest?.manifest).toEqual(second.manifest);
    expect(latest?.pointer).toMatchObject({ version: second.manifest.version, key: manifestKey(second.manifest.version) });
    expect(await readManifest(store, first.manifest.version)).toEqual(first.manifest);
  });

  test("publishes a run once, however often it is asked to", async () => {
    const { manifest } = await run(store, "a");
    const before = await readPointer(store);
    expect(await run(store, "a")).toEqual({ manifest, published: false });
    expect(await readPointer(store)).toEqual(before);
    expect(await chainOf(store)).toHaveLength(1);
  });

  test("finds a run's own manifest under those that others have published since", async () => {
    const { manifest } = await run(store, "a");
    await run(store, "b");
    const { manifest: newest } = await run(store, "c");
    expect(await run(store, "a")).toEqual({ manifest, published: false });
    expect((await readLatest(store))?.manifest).toEqual(newest);
    expect(await chainOf(store)).toHaveLength(3);
  });

  test("doesn't count as published what a run wrote before it lost the race", async () => {
    await run(store, "a");
    const lost = sampleManifest("b", sampleManifest("a"));
    await store.put(manifestKey(lost.version), encodeManifest(lost), { ifAbsent: true });
    await run(store, "c");
    const { manifest, published } = await run(store, "b");
    expect(published).toBe(true);
    expect((await chainOf(store)).map(({ workflow }) => workflow.runId)).toEqual(["b", "c", "a"]);
    expect(manifest.version).not.toBe(lost.version);
  });

  test("makes one chain of what eight publish at once, and loses none", async () => {
    const runs = Array.from({ length: 8 }, (_, i) => `run-${i}`);
    const results = await Promise.all(runs.map((runId) => run(store, runId)));
    expect(results.every(({ published }) => published)).toBe(true);
    const found = await chainOf(store);
    expect(found.map(({ workflow }) => workflow.runId).sort()).toEqual(runs);
    expect(new Set(found.map(({ version }) => version)).size).toBe(8);
  });

  test("lets one of 32 publishers win each round; all others fail with a conflict", async () => {
    // All of 50 rounds on each: npm run stress.
    const rounds = { memory: 50, "file:": 10, s3: 5 }[kind] ?? 0;
    expect(await racePublishers(store, { publishers: 32, rounds })).toEqual({ won: rounds, lost: rounds * 31, violations: [] });
  });

  test("makes one chain of what many publish repeatedly", async () => {
    expect(await publishAll(store, { publishers: 8, rounds: 3 })).toMatchObject({ won: 24, violations: [] });
  });

  test("shows a reader the complete old manifest or the complete new one while others publish", async () => {
    await run(store, "run-0");
    let publishing = true;
    const publishers = (async () => {
      for (let i = 1; i <= 10; i++) await run(store, `run-${i}`);
      publishing = false;
    })();
    let last = -1;
    while (publishing) {
      const latest = await readLatest(store);
      const at = Number(latest?.manifest.workflow.runId.slice(4));
      expect(at).toBeGreaterThanOrEqual(last);
      last = at;
    }
    await publishers;
    expect((await readLatest(store))?.manifest.workflow.runId).toBe("run-10");
  });
});

describe("a broken registry", () => {
  let store: ObjectStore;
  beforeEach(async () => {
    store = createMemoryStore();
    await run(store, "a");
  });
  const replace = async (key: string, content: string | object) => {
    await store.delete(key);
    await store.put(key, bytes(content), { ifAbsent: true });
  };
  const pointer = async () => (await readPointer(store))?.pointer ?? { schema: "", version: "", key: "", sha256: "" };

  test("reports a pointer that is not JSON", async () => {
    await replace(POINTER_KEY, '{"schema": "candlecast.poi');
    await expect(readLatest(store)).rejects.toThrow(CorruptObjectError);
  });

  test.each(["null", "[]", "1", "{}"])("reports the pointer %s as one of another schema", async (content) => {
    await replace(POINTER_KEY, content);
    await expect(readLatest(store)).rejects.toThrow(SchemaMismatchError);
  });

  test("does not follow a pointer out of its folder", async () => {
    await replace(POINTER_KEY, { ...(await pointer()), key: "../secret.json" });
    await expect(readLatest(store)).rejects.toThrow(SchemaMismatchError);
    await replace(POINTER_KEY, { schema: "candlecast.pointer/1", version: "../x", key: "manifests/../x.json", sha256: "" });
    await expect(readLatest(store)).rejects.toThrow();
  });

  test("reports the manifest that is missing, though the pointer names it", async () => {
    const { key } = await pointer();
    await store.delete(key);
    await expect(readLatest(store)).rejects.toThrow(CorruptObjectError);
    await expect(readLatest(store)).rejects.toThrow(key);
  });

  test("refuses a manifest that was changed, or that lies under another's key", async () => {
    const { key } = await pointer();
    await replace(key, { ...sampleManifest("a"), horizon: 2 });
    await expect(readLatest(store)).rejects.toThrow(/is not the manifest/);
    const other = encodeManifest(sampleManifest("other"));
    await replace(key, new TextDecoder().decode(other));
    await replace(POINTER_KEY, { ...(await pointer()), sha256: sha256Hex(other) });
    await expect(readLatest(store)).rejects.toThrow(/calls itself/);
  });

  test("is never overwritten by a publisher", async () => {
    await replace(POINTER_KEY, "damage");
    await expect(run(store, "b")).rejects.toThrow(CorruptObjectError);
    expect(new TextDecoder().decode((await store.get(POINTER_KEY))?.bytes)).toBe("damage");
  });
});

test("a publisher gives up, naming the pointer, after the given number of lost races", async () => {
  const store = createMemoryStore();
  let tries = 0;
  const contested: ObjectStore = {
    ...store,
    async put(key, content, condition) {
      if (key !== POINTER_KEY) return store.put(key, content, condition);
      tries++;
      throw new PreconditionFailedError("lost");
    },
  };
  const asked = publish(contested, (previous) => sampleManifest("a", previous), { tries: 3 });
  await expect(asked).rejects.toThrow(PublishConflictError);
  await expect(asked).rejects.toThrow(POINTER_KEY);
  expect(tries).toBe(3);
});

test("a store that ignores conditions is found before anything is published there", async () => {
  const store = createMemoryStore();
  const careless: ObjectStore = {
    ...store,
    put: (key, content, condition) => store.put(key, content, condition).catch(() => ({ etag: sha256Hex(content) })),
  };
  await expect(assertConditionalPuts(careless)).rejects.toThrow(/two conflicting puts with ifAbsent/);
});
