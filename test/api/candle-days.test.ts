import { expect, test } from "vitest";
import { createCandleDays } from "../../api/served/candle-days.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { updateLedger } from "../../storage/backfill-files/ledger-file.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { partitionKey } from "../../storage/candle-files/partitions.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { createPublishedStore } from "./published-store.ts";

const DAY = 86_400_000;
const FETCHED_AT = Date.parse("2017-06-01T00:00:00Z");
const NOW = Date.parse("2017-06-03T12:00:00Z");
const LONG = 60_000;

async function putCandles(store: ObjectStore, symbol: string): Promise<void> {
  const range = { from: FETCHED_AT - 400 * DAY, to: FETCHED_AT };
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range });
  const options = { symbol, interval: "1d", asOf: FETCHED_AT, source: "simulated", fetchedAt: FETCHED_AT } as const;
  await upsertCandles(store, cleanCandles(rows, options).series);
}

async function publishedManifest(symbols: readonly string[]): Promise<Manifest> {
  const { store, publish } = await createPublishedStore();
  await publish("2017-06-01T00:10:00.000Z", ({ HET }) => Object.fromEntries(symbols.map((symbol) => [symbol, { ...HET, symbol }])));
  const latest = await readLatest(store);
  if (!latest) throw new Error("nothing was published");
  return latest.manifest;
}

test("each of the last 30 candles is there, stale, failed or missing, as the planner of backfills says", async () => {
  const store = createMemoryStore();
  const manifest = await publishedManifest(["BAD", "HET", "NONE"]);
  await putCandles(store, "HET");
  const first = FETCHED_AT - 4 * DAY;
  await updateLedger(store, "HET", "1d", () => ({
    asked: [],
    failed: [{ from: first, to: first + DAY, at: NOW - DAY, reason: "binance answers HTTP 500" }],
  }));
  await store.put(partitionKey("BAD", "1d", FETCHED_AT), new TextEncoder().encode("no Parquet"), { ifAbsent: true });
  const days = await createCandleDays(store, () => NOW).read(manifest, LONG);
  expect(days?.asOf).toBe("2017-06-03T12:00:00.000Z");
  expect(days?.openTimes).toHaveLength(30);
  expect(days?.openTimes.at(-1)).toBe(Date.parse("2017-06-02T00:00:00Z"));
  // The newest stored one was fetched in the moment of its close, before its source had settled it.
  expect(days?.coins.get("HET")?.slice(-7)).toEqual(["there", "failed", "there", "there", "stale", "missing", "missing"]);
  expect(new Set(days?.coins.get("HET")?.slice(0, -7))).toEqual(new Set(["there"]));
  expect(new Set(days?.coins.get("NONE"))).toEqual(new Set(["missing"]));
  expect(days?.coins.get("BAD")).toBeNull();
});

test("the store is looked through once for each manifest, however often somebody asks, and nobody waits longer than he said", async () => {
  const store = createMemoryStore();
  const manifest = await publishedManifest(["HET"]);
  await putCandles(store, "HET");
  let reads = 0;
  let goOn = () => {};
  const held = new Promise<void>((done) => {
    goOn = done;
  });
  const slow: ObjectStore = {
    ...store,
    list: (prefix) => store.list(prefix),
    get: async (key) => {
      reads++;
      await held;
      return store.get(key);
    },
  };
  const days = createCandleDays(slow, () => NOW);
  expect(await days.read(manifest, 0)).toBeNull();
  expect(await days.read(manifest, 0)).toBeNull();
  goOn();
  const found = await days.read(manifest, LONG);
  const once = reads;
  expect(await days.read(manifest, LONG)).toBe(found);
  expect(reads).toBe(once);
  expect(await days.read({ ...manifest, version: "20170602T000000Z-00000000" }, LONG)).not.toBe(found);
  expect(reads).toBe(2 * once);
});
