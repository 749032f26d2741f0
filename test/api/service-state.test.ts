import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { health, prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

const PUBLISHED = "2017-06-01T00:10:00.000Z";
let published: PublishedStore;

beforeAll(async () => {
  published = await createPublishedStore();
  await published.publish(PUBLISHED);
});

async function ask(reader: ObjectReader, now: string, unreadySeconds = 3_600) {
  const registry = createLiveRegistry(reader, { pollMs: 0 });
  const app = createApp({ registry, now: () => Date.parse(now), codeVersion: "0.0.0", limits: { unreadySeconds } });
  await registry.reload();
  const state = health.parse(await (await app.request("/health")).json());
  return { app, registry, status: state.status, state, ready: (await app.request("/ready")).status };
}

function failing(error: Error): ObjectReader {
  const store = createMemoryStore();
  return { ...store, get: () => Promise.reject(error) };
}

describe("the state of the service", () => {
  test("is fresh while the predicted candle is open", async () => {
    expect(await ask(published.store, "2017-06-01T12:00:00Z")).toMatchObject({ status: "fresh", ready: 200 });
  });

  test("is stale from the predicted close on, and not ready after the set time", async () => {
    expect(await ask(published.store, "2017-06-02T00:00:00Z")).toMatchObject({ status: "stale", ready: 200 });
    expect(await ask(published.store, "2017-06-02T01:00:00Z")).toMatchObject({ status: "stale", ready: 200 });
    expect(await ask(published.store, "2017-06-02T01:00:01Z")).toMatchObject({ status: "stale", ready: 503 });
  });

  test("is withheld where every answer is, and each prediction says so", async () => {
    const { app, status, ready, state } = await ask(published.store, "2017-06-09T00:00:00Z");
    expect({ status, ready, coins: state.coins }).toEqual({
      status: "withheld",
      ready: 503,
      coins: { served: 0, withheld: 1, older: 0, unreadable: 0 },
    });
    expect(prediction.parse(await (await app.request("/symbol/HET")).json()).service).toBe("withheld");
  });

  test("is not called fresh because of the simulated coin, where real ones are withheld", async () => {
    const { store, publish } = await createPublishedStore();
    await publish(PUBLISHED, ({ HET }) => ({ HET: { ...HET, simulated: false } }));
    expect((await ask(store, "2017-06-09T00:00:00Z")).status).toBe("withheld");
  });

  test("is empty where the store answers and has nothing", async () => {
    expect(await ask(createMemoryStore(), PUBLISHED)).toMatchObject({ status: "empty", ready: 503 });
  });

  test("is unknown where the store doesn't answer, also before the first look has ended", async () => {
    const { status, ready, app } = await ask(failing(new StoreUnavailableError("no answer from 10.0.0.7")), PUBLISHED);
    expect({ status, ready }).toEqual({ status: "store_unknown", ready: 503 });
    expect(await (await app.request("/symbol/HET")).text()).not.toContain("10.0.0.7");
    const hanging = createLiveRegistry({ ...createMemoryStore(), get: () => new Promise(() => {}) }, { pollMs: 0 });
    const waiting = createApp({ registry: hanging, now: () => 0, codeVersion: "0.0.0" });
    void hanging.reload();
    expect(await (await waiting.request("/health")).json()).toMatchObject({ status: "store_unknown" });
    hanging.close();
  });

  test("is a wrong address where there is no store: an absent folder, or what S3 says of a bucket", async () => {
    const folder = mkdtempSync(join(tmpdir(), "candlecast-address-"));
    expect(await ask(createFileStore(join(folder, "mistyped")), PUBLISHED)).toMatchObject({ status: "wrong_address", ready: 503 });
    expect((await ask(createFileStore(folder), PUBLISHED)).status).toBe("empty");
    rmSync(folder, { recursive: true });
    const noBucket = new StoreUnavailableError("there is no such bucket", { wrongAddress: true });
    expect((await ask(failing(noBucket), PUBLISHED)).status).toBe("wrong_address");
  });

  test("stays by what is served where the store fails later", async () => {
    let broken = false;
    const reader: ObjectReader = {
      ...published.store,
      get: (key) => (broken ? Promise.reject(new StoreUnavailableError("gone")) : published.store.get(key)),
    };
    const { app, registry } = await ask(reader, "2017-06-01T12:00:00Z");
    broken = true;
    await registry.reload();
    expect(await (await app.request("/health")).json()).toMatchObject({ status: "degraded", faults: [{ kind: "store_unknown" }] });
    expect((await app.request("/ready")).status).toBe(200);
  });
});
