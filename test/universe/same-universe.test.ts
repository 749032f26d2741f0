import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { NativeConnection, Worker } from "@temporalio/worker";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createActivities } from "../../activities/create-activities.ts";
import type { ActivityDependencies } from "../../activities/dependencies.ts";
import { surveyStore } from "../../cli/runs/survey-store.ts";
import { createSources } from "../../sources/create-sources.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import type { SettledSymbols } from "../../workflows/settle-universe.ts";
import { sampleManifest } from "../manifests/sample-manifest.ts";
import { type System, startSystem } from "../pipeline/system.ts";

/** Coins of a page of CryptoCompare's ranking, largest first; null: the page can't be had. */
let pageOf: (page: number) => readonly string[] | null;
const ranking = createServer((request, response) => {
  const page = Number(new URL(request.url ?? "/", "http://localhost").searchParams.get("page"));
  const names = pageOf(page);
  if (names === null) return response.writeHead(500).end("{}");
  const coins = names.map((Name, i) => ({
    CoinInfo: { Name },
    RAW: { USD: { MKTCAP: 1e9 - 100 * page - i, PRICE: 50, HIGHDAY: 60, LOWDAY: 40 } },
  }));
  response.end(JSON.stringify({ Data: coins }));
});

let system: System;
let worker: Worker;
let working: Promise<void>;
let connection: NativeConnection;

beforeAll(async () => {
  await new Promise<void>((done) => ranking.listen(0, "127.0.0.1", done));
  system = await startSystem({
    CRYPTOCOMPARE_URL: `http://127.0.0.1:${(ranking.address() as AddressInfo).port}`,
    CRYPTOCOMPARE_API_KEY: "any",
    SYMBOLS: "top:4,HET",
  });
  const store = openStore(system.settings.storeUrl, { s3Endpoint: null });
  const { symbols, ...sample } = sampleManifest();
  const stale = { ...symbols.BTC, symbol: "OLD", status: "stale", staleReason: "OLD: failed" } as const;
  const former = ["A", "B", "GONE"].map((symbol) => [symbol, { ...symbols.BTC, symbol }] as const);
  await publish(store, () => ({ ...sample, symbols: { ...Object.fromEntries(former), OLD: stale } }));

  connection = await NativeConnection.connect({ address: system.address });
  const deps = { store, settings: system.settings, sources: createSources({ cryptocompareApiKey: "any" }), now: Date.now };
  const { planUniverse } = createActivities(deps as unknown as ActivityDependencies);
  worker = await Worker.create({
    connection,
    namespace: system.settings.temporalNamespace,
    taskQueue: "settle",
    workflowsPath: fileURLToPath(new URL("./settle-workflow.ts", import.meta.url)),
    activities: { planUniverse },
  });
  working = worker.run();
}, 60_000);

afterAll(async () => {
  worker?.shutdown();
  await working;
  await connection?.close();
  await system?.stop();
  ranking.closeAllConnections();
  await new Promise((done) => ranking.close(done));
});

beforeEach(() => {
  pageOf = () => [];
});

let runs = 0;

/** As a run does it. */
async function ofRun(symbols?: readonly string[]): Promise<SettledSymbols> {
  return system.client.workflow.execute("settleUniverse", {
    taskQueue: "settle",
    workflowId: `settle-${++runs}`,
    args: [symbols ? { symbols } : {}, system.settings.taskQueue],
  });
}

/** As `backfill --plan` does it. */
async function ofPlan(symbols: readonly string[]): Promise<SettledSymbols> {
  const input = { symbols, from: "2020-01-01", to: "2020-01-02" };
  const survey = await surveyStore(system.settings, input, new AbortController().signal);
  return { symbols: survey.symbols.map(({ symbol }) => symbol), universe: survey.universe };
}

const coins = (count: number, page = 0) => Array.from({ length: count }, (_, i) => `C${100 * page + i}`);

test.each<[string, string[], (page: number) => readonly string[] | null, string[]]>([
  ["named symbols need no ranking", ["BTC", "HET"], () => null, ["BTC", "HET"]],
  ["the largest coins, then the named ones, each once", ["top:2", "B", "HET"], () => ["X", "B", "A"], ["X", "B", "HET"]],
  ["coins of several pages", ["top:150"], (page) => coins(100, page), [...coins(100), ...coins(50, 1)]],
  ["fresh coins of the manifest, where there is no ranking", ["top:2", "HET"], () => null, ["A", "B", "HET"]],
  [
    "fresh coins of the manifest, where a later page is missing",
    ["top:150"],
    (page) => (page === 0 ? coins(100) : null),
    ["A", "B", "GONE"],
  ],
  ["fresh coins of the manifest, where the ranking is much too short", ["top:4"], () => ["X"], ["A", "B", "GONE"]],
])(
  "a run and a plan choose %s",
  async (_, selectors, pages, expected) => {
    pageOf = pages;
    const [run, plan] = [await ofRun(selectors), await ofPlan(selectors)];
    expect(run.symbols).toEqual(expected);
    expect(plan.symbols).toEqual(expected);
    const withoutTime = ({ universe }: SettledSymbols) => universe && { ...universe, rankedAt: "", problem: universe.problem !== null };
    expect(withoutTime(plan)).toEqual(withoutTime(run));
  },
  30_000,
);

test("coins that left are reported only for the universe of the settings", async () => {
  pageOf = () => ["B", "X", "Y", "Z", "A"];
  const daily = await ofRun();
  expect(daily.symbols).toEqual(["B", "X", "Y", "Z", "HET"]);
  expect(daily.universe?.left).toEqual([
    { symbol: "A", rank: 5 },
    { symbol: "GONE", rank: null },
  ]);
  expect((await ofRun(["top:4", "HET"])).universe?.left).toEqual([]);
  expect(await ofPlan(["top:4", "HET"])).toMatchObject({ symbols: daily.symbols, universe: { left: [] } });
});
