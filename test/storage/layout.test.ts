import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { INTERVALS } from "../../core/vocabulary/interval.ts";
import { updateLedger } from "../../storage/backfill-files/ledger-file.ts";
import { readPlan, writePlan } from "../../storage/backfill-files/plan-file.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import {
  currentKey,
  formerKey,
  type KeyParts,
  keyOf,
  kindOf,
  OBJECT_KINDS,
  type ObjectKind,
  partsOf,
  periodOf,
  prefixOf,
} from "../../storage/layout.ts";
import { writeListPart } from "../../storage/list-files/list-file.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { keepForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { scoreOutcomes } from "../../storage/prediction-files/outcome-store.ts";
import { updateScoringState } from "../../storage/prediction-files/scoring-state.ts";
import { assertConditionalPuts } from "../../storage/registry/probe-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { collectableKind, collectablePrefixes } from "../../storage/registry/retention.ts";
import { candle, series } from "../candles/series.ts";
import { keptForecast } from "../scoring/kept-forecast.ts";
import { putRunObjects, runManifest } from "./runs.ts";

const KINDS = Object.keys(OBJECT_KINDS) as ObjectKind[];
const DIGEST = "0123456789abcdef".repeat(4);
const UUID = "01234567-89ab-cdef-0123-456789abcdef";

/** Where each kind lies, in stores that exist. */
const EXAMPLES: Readonly<Record<ObjectKind, string>> = {
  candles: "data/candles/interval=1d/coin=BTC/year=2020.parquet",
  revisions: "data/revisions/interval=1h/coin=BTC/month=2020-12.parquet",
  features: `data/features/symbol=1INCH/${DIGEST}.arrow`,
  snapshots: `data/features/symbol=BTC/${DIGEST}.json`,
  models: `models/${DIGEST}.json`,
  modelArrays: `models/${DIGEST}.arrow`,
  evaluations: `evaluations/${DIGEST}.parquet`,
  assessments: `evaluations/${DIGEST}.json`,
  reports: `reports/${DIGEST}.json`,
  manifests: "manifests/20201231T120000Z-1a2b3c4d.json",
  pointer: "manifests/latest.json",
  forecasts: "predictions/forecasts/20201231T120000Z-1a2b3c4d.parquet",
  outcomes: "predictions/outcomes/interval=1d/coin=BTC/year=2020.parquet",
  scoringState: "predictions/scoring.json",
  lists: `runs/lists/${DIGEST}.json`,
  backfillPlans: `backfills/plans/${DIGEST}.json`,
  backfillLedgers: "backfills/ledgers/interval=1m/symbol=BTC.json",
  probes: `probes/${UUID}`,
};

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const time = fc.integer({ min: 0, max: Date.parse("9999-12-31") });
const interval = fc.constantFrom(...INTERVALS);
const anyParts = fc
  .record({ symbol: fc.stringMatching(/^[A-Z0-9]{1,15}$/), digest: hex(64), uuid: fc.uuid(), interval, time, version: hex(8) })
  .map(({ time: at, version, ...parts }) => ({
    ...parts,
    period: periodOf(parts.interval, at),
    version: `${new Date(at).toISOString().replace(/[-:]|\.\d+/g, "")}-${version}`,
  }));

describe("the layout", () => {
  test.each(KINDS)("has %s where stores have them", (kind) => {
    const key = EXAMPLES[kind];
    expect(kindOf(key)).toBe(kind);
    expect(keyOf(kind, partsOf(kind, key) as KeyParts<typeof kind>)).toBe(key);
  });

  test("knows the keys under which earlier versions stored candles and their revisions, and no other former keys", () => {
    const former = KINDS.flatMap((kind) => formerKey(EXAMPLES[kind]) ?? []);
    expect(former).toEqual([
      "data/candles/interval=1d/symbol=BTC/year=2020.parquet",
      "data/revisions/interval=1h/symbol=BTC/month=2020-12.parquet",
    ]);
    expect(former.map(currentKey)).toEqual([EXAMPLES.candles, EXAMPLES.revisions]);
    expect(former.map(kindOf)).toEqual(["candles", "revisions"]);
    expect(former.map(formerKey)).toEqual(former);
    for (const kind of KINDS) expect(currentKey(EXAMPLES[kind])).toBe(EXAMPLES[kind]);
  });

  test("makes a key of parts, and the same parts of the key, which is of one kind only", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), anyParts, (kind, given) => {
        const key = keyOf(kind, given);
        const names = [...OBJECT_KINDS[kind].key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof typeof given);
        expect(partsOf(kind, key)).toEqual(Object.fromEntries(names.map((name) => [name, given[name]])));
        expect(KINDS.filter((other) => partsOf(other, key) !== null)).toEqual([kind]);
        expect(kindOf(key)).toBe(kind);
        expect(key.startsWith(prefixOf(kind))).toBe(true);
        for (let n = 0; n <= names.length; n++) {
          const some = Object.fromEntries(names.slice(0, n).map((name) => [name, given[name]]));
          expect(key.startsWith(prefixOf(kind, some))).toBe(true);
        }
      }),
    );
  });

  test("knows no other keys", () => {
    const others = KINDS.flatMap((kind) => [
      `${EXAMPLES[kind]}.part`,
      `x/${EXAMPLES[kind]}`,
      `${EXAMPLES[kind]}/x`,
      EXAMPLES[kind].slice(0, -1),
    ]);
    const wrong = [
      "",
      "data/candles/interval=1w/coin=BTC/year=2020.parquet",
      "data/candles/interval=1d/coin=btc/year=2020.parquet",
      "data/candles/interval=1d/coin=BTC/copy.parquet",
      "data/features/symbol=ABCDEFGHIJKLMNOP/x.arrow",
      `models/${DIGEST.toUpperCase()}.json`,
      `models/a/${DIGEST}.json`,
      "manifests/other.json",
      "models/notes.txt",
    ];
    for (const key of [...others, ...wrong]) expect([key, kindOf(key)]).toEqual([key, null]);
  });

  test("lists the files of one symbol, not of another whose name begins with it", () => {
    expect(prefixOf("candles", { interval: "1d", symbol: "BTC" })).toBe("data/candles/interval=1d/coin=BTC/");
    expect(prefixOf("pointer")).toBe("manifests/latest.json");
  });

  test("has year files of days, month files of hours and day files of minutes", () => {
    const at = Date.parse("2020-12-31T23:59:00Z");
    expect(INTERVALS.map((length) => periodOf(length, at))).toEqual(["year=2020", "month=2020-12", "day=2020-12-31"]);
  });

  test("lets candles, revisions, ledgers and the pointer never be collected, and lists every other kind once", () => {
    expect(KINDS.filter((kind) => collectableKind(EXAMPLES[kind]) === null)).toEqual([
      "candles",
      "revisions",
      "pointer",
      "outcomes",
      "scoringState",
      "backfillLedgers",
    ]);
    const prefixes = collectablePrefixes();
    for (const kind of KINDS.filter((name) => collectableKind(EXAMPLES[name]) !== null))
      expect(prefixes.filter((prefix) => EXAMPLES[kind].startsWith(prefix))).toHaveLength(1);
  });
});

describe("what the storage functions write", () => {
  let store: ObjectStore;
  let written: string[];
  beforeEach(() => {
    const memory = createMemoryStore();
    written = [];
    store = {
      ...memory,
      put: (key, bytes, condition) => {
        written.push(key);
        return memory.put(key, bytes, condition);
      },
    };
  });

  test("has its place in the table, whatever it is", async () => {
    await upsertCandles(store, series([candle(0)]));
    await upsertCandles(store, series([candle(0, { close: 10.5, fetchedAt: candle(0).fetchedAt + 1 })]));
    for (const length of INTERVALS)
      await updateLedger(store, "BTC", length, (ledger) => ({ ...ledger, asked: [{ from: 0, to: 1, at: 2 }] }));
    const plan = await writePlan(store, [{ symbol: "BTC" }]);
    expect(await readPlan(store, plan)).toEqual([{ symbol: "BTC" }]);
    await writeListPart(store, [{ symbol: "BTC" }]);
    await assertConditionalPuts(store);
    await publish(store, (previous) => runManifest("a", 0, previous, null));
    await publish(store, (previous) => runManifest("b", 1_000, previous, null));
    await putRunObjects(store, "a run");
    await keepForecasts(store, "20201231T120000Z-1a2b3c4d", async () => []);
    const place = { interval: "1d", symbol: "BTC", period: "year=2020" } as const;
    await scoreOutcomes(store, place, { forecasts: [keptForecast()], candleAt: () => null, now: 0 });
    await updateScoringState(store, (state) => ({ ...state, candlesSeen: 1 }));
    expect(written.filter((key) => kindOf(key) === null)).toEqual([]);
    const kinds = new Set(written.map(kindOf));
    // Their writers are the steps of a training: test/pipeline/pipeline.test.ts looks at all that a real run stores.
    const others = new Set<ObjectKind>(["modelArrays", "assessments"]);
    expect(KINDS.filter((kind) => !kinds.has(kind) && !others.has(kind))).toEqual([]);
  });
});
