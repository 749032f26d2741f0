import { beforeEach, describe, expect, test } from "vitest";
import type { ActivityDependencies } from "../../activities/dependencies.ts";
import type { KeptOutcome } from "../../activities/kept-outcome.ts";
import { type PublishManifestInput, publishManifest } from "../../activities/publish/publish-manifest.ts";
import { planTraining } from "../../activities/train/plan-training.ts";
import { summariseRun } from "../../cli/runs/run-summary.ts";
import { NO_COUNTS } from "../../core/vocabulary/ingest-counts.ts";
import type { StoredList } from "../../core/vocabulary/listed.ts";
import { writeListPart } from "../../storage/list-files/list-file.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { writeSnapshot } from "../../storage/snapshot-files/snapshot-file.ts";
import { failedOutcome, NOTHING_FETCHED, readyOutcome, type SymbolOutcome } from "../../workflows/symbol-outcome.ts";
import { sampleManifest } from "../manifests/sample-manifest.ts";

const span = { rows: 730, missing: 0, firstOpenTime: "2019-01-01T00:00:00.000Z", lastOpenTime: "2020-12-30T00:00:00.000Z" };

let store: ObjectStore;
let deps: ActivityDependencies;
let outcomes: SymbolOutcome[];
let stored: StoredList;
beforeEach(async () => {
  store = createMemoryStore();
  deps = { store, codeVersion: "1" } as unknown as ActivityDependencies;
  const ready = await Promise.all(
    ["BTC", "ETH", "HET"].map(async (symbol) => {
      const candles = { ...span, suspectJumps: [] };
      const features = { key: `data/features/symbol=${symbol}/1.arrow`, sha256: `${symbol.length}`, bytes: 1, rows: 730 };
      const snapshot = await writeSnapshot(store, {
        symbol,
        source: "binance",
        simulated: symbol === "HET",
        candles: { objects: [], ...candles },
        features,
      });
      const facts = { source: "binance", counts: NO_COUNTS, seconds: { ingest: 1, features: 1 } };
      return readyOutcome(symbol, facts, { snapshot, candles });
    }),
  );
  outcomes = [...ready, failedOutcome("XRP", NOTHING_FETCHED, "XRP: nobody knows it")];
  const parts = [outcomes.slice(0, 2), outcomes.slice(2)];
  stored = {
    length: outcomes.length,
    parts: await Promise.all(parts.map((part) => writeListPart(store, part satisfies readonly KeptOutcome[]))),
  };
});

describe("a run whose outcomes are stored", () => {
  test("trains the same groups as one whose symbols travel", async () => {
    const members = outcomes.flatMap(({ result: { symbol }, snapshot }) => (snapshot ? [{ symbol, snapshot }] : []));
    const expected = await planTraining(deps, { members, scope: "pooled", horizon: 1 });
    expect(expected.groups.map(({ key }) => key)).toEqual(["pooled/real", "pooled/simulated"]);
    expect(await planTraining(deps, { members: stored, scope: "pooled", horizon: 1 })).toEqual(expected);
  });

  test("publishes the same as one whose symbols travel, and why a training failed", async () => {
    const base: Omit<PublishManifestInput, "symbols"> = {
      asOf: "2020-12-31T12:00:00.000Z",
      createdAt: "2020-12-31T12:00:00.000Z",
      interval: "1d",
      horizon: 1,
      workflow: { id: "run", runId: "1" },
      groups: [],
      universe: null,
    };
    await publish(store, (previous) => sampleManifest("0", previous));
    await publishManifest(deps, {
      ...base,
      symbols: stored,
      failedTrainings: { "pooled/real": "training of pooled/real failed: too few rows" },
    });
    const manifest = (await readLatest(store))?.manifest;
    expect(manifest?.workflow.runId).toBe("1");
    expect(manifest?.symbols.BTC).toMatchObject({
      status: "stale",
      staleReason: expect.stringContaining("BTC: training of pooled/real failed: too few rows"),
    });
  });

  test("is summed up with every symbol's result, those included whose training failed", async () => {
    const { symbols } = await summariseRun(
      store,
      { workflowId: "run", runUrl: null },
      {
        manifest: null,
        summary: "Nothing was published.",
        asOf: "2020-12-31T12:00:00.000Z",
        symbols: [],
        allSymbols: { outcomes: stored, failedTrainings: { "pooled/simulated": "training of pooled/simulated failed: a leak" } },
        universe: null,
        seconds: { ingest: 1, training: 1, publish: 1, total: 3 },
      },
    );
    expect(symbols.map(({ symbol, status, error }) => [symbol, status, error])).toEqual([
      ["BTC", "ok", null],
      ["ETH", "ok", null],
      ["HET", "failed", "HET: training of pooled/simulated failed: a leak"],
      ["XRP", "failed", "XRP: nobody knows it"],
    ]);
  });
});
