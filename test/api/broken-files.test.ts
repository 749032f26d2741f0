import { beforeAll, describe, expect, test } from "vitest";
import { health, prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeModel, encodeModel } from "../../core/models/file/model-file.ts";
import { StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { decodeFeatures, encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { manifestKey, POINTER_KEY } from "../../storage/registry/reader.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

const NOW = Date.parse("2017-06-01T01:00:00Z");
const FIRST = "2017-06-01T00:10:00.000Z";
const SECOND = "2017-06-01T00:20:00.000Z";

let made: PublishedStore;
let objects: Map<string, Uint8Array>;

beforeAll(async () => {
  made = await createPublishedStore();
  objects = new Map();
  for await (const { key } of made.store.list("")) objects.set(key, (await made.store.get(key))?.bytes as Uint8Array);
});

interface World {
  readonly store: ObjectStore;
  readonly registry: LiveRegistry;
  readonly first: Manifest;
  readonly second: Manifest;
  /** files that only the second manifest's coin TWO has */
  readonly own: SymbolEntry;
}

/** A store with two manifests of the coins HET and TWO, which share models; the files of TWO are new in the second. */
async function publishTwice(serveFirst: boolean): Promise<World> {
  const store = createMemoryStore();
  for (const [key, bytes] of objects) await store.put(key, bytes, { ifAbsent: true });
  const { entry, publish } = made.over(store);
  const two = await entryOf(store, entry, 0);
  const first = await publish(FIRST, () => ({ HET: entry, TWO: two }));
  const registry = createLiveRegistry(store, { pollMs: 0 });
  if (serveFirst) await registry.reload();
  const own = await entryOf(store, entry, 1);
  const second = await publish(SECOND, () => ({ HET: entry, TWO: own }));
  return { store, registry, first, second, own };
}

/** The coin's features and report under another name, and models in files of its own. */
async function entryOf(store: ObjectStore, entry: SymbolEntry, edition: number): Promise<SymbolEntry> {
  const matrix = decodeFeatures(await getVerified(store, entry.features));
  const close = matrix.close.map((price) => price + edition);
  const features = encodeFeatures({ ...matrix, symbol: "TWO", close });
  const report = Buffer.from(`${JSON.stringify({ ...made.report, symbol: "TWO" })}${" ".repeat(edition)}`);
  const models = [];
  for (const model of entry.models) {
    if (!model.file) {
      models.push(model);
      continue;
    }
    const fitted = decodeModel(await getVerified(store, model.file));
    const bytes = encodeModel({ ...fitted, rows: fitted.rows + edition });
    models.push({ ...model, file: await putImmutable(store, keyOf("models", { digest: sha256Hex(bytes) }), bytes, null) });
  }
  return {
    ...entry,
    symbol: "TWO",
    simulated: false,
    models,
    features: await putImmutable(
      store,
      keyOf("features", { symbol: "TWO", digest: sha256Hex(features) }),
      features,
      matrix.openTime.length,
    ),
    report: await putImmutable(store, keyOf("reports", { digest: sha256Hex(report) }), report, null),
  };
}

async function flip(store: ObjectStore, key: string): Promise<void> {
  const stored = await store.get(key);
  const bytes = Uint8Array.from(stored?.bytes ?? []);
  bytes[bytes.length >> 1] ^= 1;
  await store.put(key, bytes, { ifMatch: stored?.etag ?? "" });
}

const appOf = (registry: LiveRegistry) => createApp({ registry, now: () => NOW, codeVersion: "0.0.0" });

async function answersOf(registry: LiveRegistry) {
  const app = appOf(registry);
  const state = health.parse(await (await app.request("/health")).json());
  const served = async (symbol: string) => {
    const answer = await app.request(`/symbol/${symbol}`);
    return answer.status === 200 ? prediction.parse(await answer.json()) : answer.status;
  };
  return { state, het: await served("HET"), two: await served("TWO"), report: (await app.request("/symbol/TWO/report.json")).status };
}

describe.each(["a service that runs on", "a service that was restarted"])("with one flipped byte, %s", (kind) => {
  async function answersAfter(keyOfBroken: (world: World) => string) {
    const world = await publishTwice(kind === "a service that runs on");
    await flip(world.store, keyOfBroken(world));
    await world.registry.reload();
    return { ...world, ...(await answersOf(world.registry)) };
  }

  test.each([
    ["features", ({ own }: World) => own.features.key],
    ["a model", ({ own }: World) => own.models.find(({ file }) => file)?.file?.key ?? ""],
  ])("in a coin's %s serves that coin from the older manifest, and all others from the newest", async (_file, key) => {
    const { first, second, state, het, two } = await answersAfter(key);
    expect(het).toMatchObject({ service: "degraded", lineage: { manifest: second.version } });
    expect(two).toMatchObject({ lineage: { manifest: first.version }, prediction: { label: "champion" } });
    expect((two as { warnings: { code: string }[] }).warnings.map(({ code }) => code)).toContain("older_manifest");
    expect(state).toMatchObject({
      status: "degraded",
      manifest: { version: second.version },
      coins: { served: 2, older: 1, unreadable: 0 },
    });
    expect(state.faults).toMatchObject([{ kind: "coin", symbol: "TWO" }]);
  });

  test("in a report serves the coin all the same, names the report in /health, and answers 404 for it", async () => {
    const { second, state, two, report } = await answersAfter(({ own }) => own.report?.key ?? "");
    expect(two).toMatchObject({ lineage: { manifest: second.version } });
    expect(state).toMatchObject({ status: "degraded", faults: [{ kind: "report", symbol: "TWO" }] });
    expect(report).toBe(404);
  });

  test("in the newest manifest serves the one before it", async () => {
    const { first, state, het, two } = await answersAfter(({ second }) => manifestKey(second.version));
    for (const answer of [het, two]) expect(answer).toMatchObject({ lineage: { manifest: first.version } });
    expect(state).toMatchObject({ status: "degraded", manifest: { version: first.version }, faults: [{ kind: "newest_manifest" }] });
  });

  test("in the pointer serves a whole manifest", async () => {
    const { het } = await answersAfter(() => POINTER_KEY);
    expect(het).toMatchObject({ symbol: "HET", service: "degraded" });
  });

  test("tells clients no path, digest or address of it, and the operator all of them", async () => {
    const { store, own, registry } = await answersAfter(({ own }) => own.features.key);
    const text = await (await appOf(registry).request("/health")).text();
    for (const secret of [own.features.key, own.features.sha256, store.url]) {
      expect(text).not.toContain(secret);
      expect(
        registry
          .faults()
          .map(({ forOperator }) => forOperator)
          .join(),
      ).toContain(secret);
    }
  });
});

test("a coin that is broken in every manifest is a 503 that names it; the others are served", async () => {
  const { store, registry, first, own } = await publishTwice(false);
  await flip(store, own.features.key);
  await flip(store, first.symbols.TWO.features.key);
  await registry.reload();
  const { state, het, two } = await answersOf(registry);
  expect(het).toMatchObject({ symbol: "HET" });
  expect(two).toBe(503);
  expect(state.coins).toEqual({ served: 1, withheld: 0, older: 0, unreadable: 1 });
  const problem = await (await appOf(registry).request("/symbol/TWO")).json();
  expect(problem).toMatchObject({ type: "urn:problem-type:candlecast:coin-unreadable", detail: expect.stringContaining("TWO") });
});

test("a broken coin is served from the newest manifest again as soon as its files are whole", async () => {
  const { store, registry, second, own } = await publishTwice(false);
  await flip(store, own.features.key);
  await registry.reload();
  await flip(store, own.features.key);
  await registry.reload();
  const { state, two } = await answersOf(registry);
  expect(two).toMatchObject({ lineage: { manifest: second.version } });
  expect(state.status).toBe("fresh");
});

test("a store that fails for a moment is no longer a fault as soon as it answers, also while a coin is broken", async () => {
  const { store, own } = await publishTwice(false);
  await flip(store, own.features.key);
  let down = false;
  const reader = { ...store, get: (key: string) => (down ? Promise.reject(new StoreUnavailableError("no answer")) : store.get(key)) };
  const registry = createLiveRegistry(reader, { pollMs: 0 });
  await registry.reload();
  down = true;
  await registry.poll();
  expect(registry.faults().map(({ kind }) => kind)).toEqual(["store_unknown", "coin"]);
  down = false;
  await registry.poll();
  expect(registry.faults().map(({ kind }) => kind)).toEqual(["coin"]);
});
