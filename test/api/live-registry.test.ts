import { beforeAll, describe, expect, test } from "vitest";
import { prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import type { Fault } from "../../api/served/faults.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import type { ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeModel, encodeModel } from "../../core/models/file/model-file.ts";
import { StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { decodeFeatures, encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectReader, ObjectStore, StoredObject } from "../../storage/object-store/object-store.ts";
import { POINTER_KEY } from "../../storage/registry/reader.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

/** A reader whose answers a test can hold back, refuse or count. */
function steerable(store: ObjectStore) {
  const asked: string[] = [];
  let gate: (key: string) => Promise<void> | void = () => {};
  const reader: ObjectReader = {
    url: store.url,
    stat: store.stat,
    list: store.list,
    async get(key): Promise<StoredObject | null> {
      asked.push(key);
      const answer = await store.get(key);
      await gate(key);
      return answer;
    },
  };
  return {
    reader,
    asked,
    onGet: (work: typeof gate) => {
      gate = work;
    },
  };
}

/** What the operator reads of what is wrong. */
const problemsOf = ({ faults }: LiveRegistry) => faults().map(({ forOperator }) => forOperator);
const DAY = (day: number) => `2017-06-0${day}T00:00:00.000Z`;
let made: PublishedStore;
let snapshot: Map<string, Uint8Array>;

beforeAll(async () => {
  made = await createPublishedStore();
  snapshot = new Map();
  for await (const { key } of made.store.list("")) snapshot.set(key, (await made.store.get(key))?.bytes as Uint8Array);
});

/** The same data and models in a store of the test's own. */
async function freshStore(): Promise<PublishedStore> {
  const store = createMemoryStore();
  for (const [key, bytes] of snapshot) await store.put(key, bytes, { ifAbsent: true });
  return made.over(store);
}

async function putModel(store: ObjectStore, ref: ObjectRef, change: (model: ReturnType<typeof decodeModel>) => object): Promise<ObjectRef> {
  const model = decodeModel(await getVerified(store, ref));
  const bytes = encodeModel({ ...model, ...change(model) });
  return putImmutable(store, `models/${sha256Hex(bytes)}.json`, bytes, null);
}

async function withModels(store: ObjectStore, entry: SymbolEntry, change: Parameters<typeof putModel>[2]): Promise<SymbolEntry> {
  const models: ModelEntry[] = [];
  for (const model of entry.models) models.push(model.file ? { ...model, file: await putModel(store, model.file, change) } : model);
  return { ...entry, models };
}

describe("looking for a newer manifest", () => {
  test("a reload that is asked for while another is under way looks again, so it finds what was published meanwhile", async () => {
    const { store, publish } = await freshStore();
    await publish(DAY(1));
    const { reader, onGet } = steerable(store);
    const registry = createLiveRegistry(reader, { pollMs: 0 });
    let release: () => void = () => {};
    const held = new Promise<void>((done) => {
      release = done;
    });
    await registry.reload();
    onGet(() => held);
    const early = registry.reload();
    const second = await publish(DAY(2));
    const late = registry.reload();
    release();
    expect((await early).changed).toBe(false);
    expect(await late).toEqual({ changed: true, version: second.version });
  });

  test("unchanged features and models are not read again", async () => {
    const { store, entry, publish } = await freshStore();
    await publish(DAY(1));
    const { reader, asked } = steerable(store);
    const registry = createLiveRegistry(reader, { pollMs: 0 });
    await registry.reload();
    expect(asked).toContain(entry.features.key);
    asked.length = 0;
    await publish(DAY(2));
    expect((await registry.reload()).changed).toBe(true);
    expect(asked.filter((key) => !key.startsWith("manifests/"))).toEqual([]);
  });

  test("polling does not read a broken manifest's objects over and over, a reload does at once", async () => {
    const { store, entry, publish } = await freshStore();
    await publish(DAY(1), () => ({ HET: { ...entry, features: { ...entry.features, key: "data/features/gone.arrow" } } }));
    const { reader, asked } = steerable(store);
    const registry = createLiveRegistry(reader, { pollMs: 5 });
    while (asked.filter((key) => key === POINTER_KEY).length < 8) await new Promise((done) => setTimeout(done, 5));
    expect(asked.filter((key) => key === "data/features/gone.arrow")).toHaveLength(1);
    await registry.reload();
    expect(asked.filter((key) => key === "data/features/gone.arrow")).toHaveLength(2);
    registry.close();
  });
});

describe("a store that fails", () => {
  test("leaves the served manifest in place, with the problem, until it answers again", async () => {
    const { store, publish } = await freshStore();
    const first = await publish(DAY(1));
    const { reader, onGet } = steerable(store);
    const registry = createLiveRegistry(reader, { pollMs: 0 });
    await registry.reload();
    onGet(() => {
      throw new StoreUnavailableError("the store can't be reached");
    });
    expect(await registry.reload()).toEqual({ changed: false, version: first.version });
    expect(problemsOf(registry)).toEqual(["the store can't be reached"]);
    onGet(() => {});
    await registry.reload();
    expect(registry.faults()).toEqual([]);
  });

  test("is no longer called a problem when it answers and is empty", async () => {
    const { reader, onGet } = steerable(createMemoryStore());
    const registry = createLiveRegistry(reader, { pollMs: 0 });
    onGet(() => {
      throw new StoreUnavailableError("the store can't be reached");
    });
    await registry.reload();
    onGet(() => {});
    await registry.reload();
    expect(registry.faults()).toEqual([]);
  });

  test("that never answers is a problem after the time limit, and the next look is not held up", async () => {
    const { store, publish } = await freshStore();
    const first = await publish(DAY(1));
    const { reader, onGet } = steerable(store);
    const registry = createLiveRegistry(reader, { pollMs: 0, timeoutMs: 50 });
    await registry.reload();
    onGet(() => new Promise(() => {}));
    expect(await registry.reload()).toEqual({ changed: false, version: first.version });
    expect(problemsOf(registry)[0]).toContain("not answered");
    onGet(() => {});
    const second = await publish(DAY(2));
    expect(await registry.reload()).toEqual({ changed: true, version: second.version });
  });

  test("that answers after its time limit does not put an older manifest over a newer one", async () => {
    const { store, publish } = await freshStore();
    await publish(DAY(1));
    const { reader, onGet } = steerable(store);
    const registry = createLiveRegistry(reader, { pollMs: 0, timeoutMs: 50 });
    const held: (() => void)[] = [];
    onGet(() => new Promise((done) => held.push(done)));
    await registry.reload();
    onGet(() => {});
    const second = await publish(DAY(2));
    await registry.reload();
    for (const release of held) release();
    await new Promise((done) => setTimeout(done, 20));
    expect(registry.current()?.manifest.version).toBe(second.version);
    expect(registry.faults()).toEqual([]);
  });

  test("that lost its pointer is a problem, and the last good manifest is served", async () => {
    const { store, publish } = await freshStore();
    const first = await publish(DAY(1));
    const registry = createLiveRegistry(store, { pollMs: 0 });
    await registry.reload();
    await store.delete(POINTER_KEY);
    expect(await registry.reload()).toEqual({ changed: false, version: first.version });
    expect(problemsOf(registry)[0]).toContain(POINTER_KEY);
  });

  test("by an error of no known kind shows clients no detail of it, but reports it", async () => {
    const { reader, onGet } = steerable(createMemoryStore());
    const reported: Fault[] = [];
    const registry = createLiveRegistry(reader, { pollMs: 0, onFault: (fault) => reported.push(fault) });
    onGet(() => {
      throw new TypeError("key=hunter2");
    });
    await registry.reload();
    expect(registry.faults()[0].forClients).not.toContain("hunter2");
    expect(reported.map(({ forOperator }) => forOperator)).toEqual([expect.stringContaining("key=hunter2")]);
  });
});

test("an entry that was kept from a run with another horizon is predicted as far ahead as its models were trained for", async () => {
  const { store, entry, publish } = await freshStore();
  const kept = await withModels(store, entry, () => ({ horizon: 7 }));
  const { horizon } = await publish(DAY(1), () => ({ HET: { ...kept, status: "stale", staleReason: "Its source is down." } }));
  const registry = createLiveRegistry(store, { pollMs: 0 });
  const app = createApp({ registry, now: () => Date.parse(DAY(1)), codeVersion: "0.0.0" });
  await registry.reload();
  const body = prediction.parse(await (await app.request("/symbol/HET")).json());
  expect(horizon).toBe(1);
  expect(body).toMatchObject({ status: "stale", stale_reason: "Its source is down.", horizon: 7 });
  expect(body.target_candle).toEqual({ open_time: "2017-06-07T00:00:00.000Z", close_time: "2017-06-08T00:00:00.000Z" });
});

describe("a coin of a newer manifest that can't be predicted is served from the older one, with the reason", () => {
  async function refused(change: (store: ObjectStore, entry: SymbolEntry) => Promise<SymbolEntry>): Promise<string> {
    const { store, entry, publish } = await freshStore();
    const good = await publish(DAY(1));
    const registry = createLiveRegistry(store, { pollMs: 0 });
    await registry.reload();
    const broken = await change(store, entry);
    await publish(DAY(2), () => ({ HET: broken }));
    await registry.reload();
    expect(registry.current()?.symbols.get("HET")?.manifest.version).toBe(good.version);
    return problemsOf(registry).join();
  }

  test("where a model reads a feature that the feature file lacks", async () => {
    const problem = await refused((store, entry) =>
      withModels(store, entry, ({ features }) => ({ features: features.map((name, i) => (i === 0 ? "no_such_feature" : name)) })),
    );
    expect(problem).toContain("no_such_feature");
  });

  test("where a model file is another algorithm's", async () => {
    const problem = await refused(async (_, entry) => {
      const tree = entry.models.find(({ name }) => name === "random_forest")?.file ?? null;
      return { ...entry, models: entry.models.map((model) => (model.name === "linear_regression" ? { ...model, file: tree } : model)) };
    });
    expect(problem).toContain("linear_regression");
  });

  test("where a model learned from another feature set", async () => {
    const problem = await refused((store, entry) =>
      withModels(store, entry, ({ featureSet }) => ({ featureSet: { ...featureSet, digest: "another" } })),
    );
    expect(problem).toContain("feature set");
  });

  test("where a symbol's models look ahead differently far", async () => {
    const problem = await refused(async (store, entry) => {
      const [first, ...others] = entry.models;
      const file = first.file && (await putModel(store, first.file, () => ({ horizon: 7 })));
      return { ...entry, models: [{ ...first, file }, ...others] };
    });
    expect(problem).toContain("horizon");
  });

  test("where the feature file is empty, or another symbol's", async () => {
    const rewrite = (change: (matrix: ReturnType<typeof decodeFeatures>) => object) =>
      refused(async (store, entry) => {
        const matrix = decodeFeatures(await getVerified(store, entry.features));
        const bytes = encodeFeatures({ ...matrix, ...change(matrix) });
        const key = `data/features/symbol=HET/${sha256Hex(bytes)}.arrow`;
        return { ...entry, features: await putImmutable(store, key, bytes, 0) };
      });
    const none = new Float64Array(0);
    expect(await rewrite(({ columns }) => ({ openTime: none, close: none, volatility: none, columns: columns.map(() => none) }))).toContain(
      "no row",
    );
    expect(await rewrite(() => ({ symbol: "BTC" }))).toContain("BTC");
  });
});
