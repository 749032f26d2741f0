import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ActivityDependencies } from "../../activities/dependencies.ts";
import type { Run } from "../../activities/heartbeat.ts";
import { type ScoringRoundResult, scoreForecasts } from "../../activities/score/score-forecasts.ts";
import type { Outcome } from "../../core/scoring/outcome.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { kindOf } from "../../storage/layout.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { forecastKey } from "../../storage/prediction-files/forecast-store.ts";
import { outcomePlaces, readOutcomes } from "../../storage/prediction-files/outcome-store.ts";
import { readScoringState } from "../../storage/prediction-files/scoring-state.ts";
import { publish } from "../../storage/registry/publish.ts";
import { manifestKey } from "../../storage/registry/reader.ts";
import { candle, series } from "../candles/series.ts";
import { DAY, FIRST_DAY } from "../scoring/kept-forecast.ts";
import { publishDay } from "../scoring/publish-rows.ts";
import { age, runManifest } from "../storage/runs.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let folder: ReturnType<typeof temporaryFolder>;
let store: ObjectStore;
beforeEach(async () => {
  folder = temporaryFolder();
  store = createFileStore(folder.path);
});
afterEach(() => folder.remove());

/** Closes of BTC by their day. */
const putCloses = (closes: Readonly<Record<number, number>>, fetchedOn = 400, source = "binance") =>
  upsertCandles(
    store,
    series(
      Object.entries(closes).map(([day, close]) =>
        candle(0, {
          openTime: FIRST_DAY + Number(day) * DAY,
          open: close,
          high: close,
          low: close,
          close,
          source,
          fetchedAt: FIRST_DAY + fetchedOn * DAY,
        }),
      ),
    ),
  );

const run: Run = { attempt: 1, attempts: 1, signal: new AbortController().signal, lastProgress: null, progress: () => {} };
const round = (day: number, { all = false, from = store } = {}): Promise<ScoringRoundResult> =>
  scoreForecasts({ store: from, now: () => FIRST_DAY + day * DAY } as ActivityDependencies, { all }, run);

async function outcomes(): Promise<Outcome[]> {
  const rows: Outcome[] = [];
  for await (const place of outcomePlaces(store)) rows.push(...(await readOutcomes(store, place)));
  return rows;
}
const ofEnsemble = async () => (await outcomes()).filter(({ model }) => model === "ensemble");
const scorings = async () =>
  (await ofEnsemble()).map(({ targetOpenTime, scoring, actualClose }) => [(targetOpenTime - FIRST_DAY) / DAY, scoring, actualClose]);
const bytesOf = async () => {
  const found: Record<string, string> = {};
  for await (const { key, lastModified } of store.list("predictions/"))
    found[key] = `${lastModified} ${Buffer.from((await store.get(key))?.bytes ?? []).toString("base64")}`;
  return found;
};

describe("scoring", () => {
  test("waits until the target candle has closed, and reads a manifest once before and once after", async () => {
    await publishDay(store, 0);
    await putCloses({ 0: 105 });
    expect(await round(0.5)).toMatchObject({ manifests: 1, added: 0, scored: 0, open: 1 });
    expect(await outcomes()).toEqual([]);
    expect(await round(0.9)).toMatchObject({ manifests: 0, open: 1 });
    expect(await round(1)).toMatchObject({ manifests: 1, added: 4, scored: 3, open: 0 });
    expect(await scorings()).toEqual([[0, 1, 105]]);
    expect(await round(2)).toMatchObject({ manifests: 0, added: 0, scored: 0, rescored: 0 });
  });

  test("by a clock that has gone back scores no candle that is open by that clock", async () => {
    await publishDay(store, 0);
    await round(1);
    await putCloses({ 0: 105 });
    expect(await round(0.5)).toMatchObject({ scored: 0 });
    expect(await round(1)).toMatchObject({ scored: 3 });
  });

  test("a second time writes nothing: the same bytes, with the same times of change", async () => {
    for (const day of [0, 1, 2]) await publishDay(store, day);
    await putCloses({ 0: 105, 2: 99 });
    await round(3);
    const before = await bytesOf();
    await round(4);
    await round(5, { all: true });
    expect(await bytesOf()).toEqual(before);
  });

  test("of a store whose state is lost makes the same outcomes", async () => {
    for (const day of [0, 1]) await publishDay(store, day);
    await putCloses({ 0: 105, 1: 99 });
    await round(3);
    const before = await bytesOf();
    await store.delete("predictions/scoring.json");
    await round(4);
    const { "predictions/scoring.json": _, ...files } = await bytesOf();
    const { "predictions/scoring.json": state, ...others } = before;
    expect(state).toBeDefined();
    expect(files).toEqual(others);
  });

  test("keeps withheld forecasts as rows without a score", async () => {
    await publishDay(store, 0);
    await putCloses({ 0: 105 });
    await round(1);
    const withheld = (await outcomes()).filter(({ withheldReasons }) => withheldReasons !== null);
    expect(withheld).toMatchObject([
      { model: "random_forest_classifier", scoring: null, brier: null, baselineBrier: null, actualClose: null },
    ]);
  });

  test("catches up after months of absence, 20 manifests a round, and is as if it had come every day", async () => {
    const other = temporaryFolder();
    try {
      const daily = store;
      const late = createFileStore(other.path);
      for (let day = 0; day < 45; day++) {
        store = daily;
        await publishDay(store, day);
        await putCloses({ [day]: 100 + day }, day + 1);
        await round(day + 1);
        store = late;
        await publishDay(store, day);
        await putCloses({ [day]: 100 + day }, day + 1);
      }
      const rounds = [await round(46), await round(46), await round(46)];
      expect(rounds.map(({ manifests, more }) => [manifests, more])).toEqual([
        [20, true],
        [20, true],
        [5, false],
      ]);
      const facts = async () => (await outcomes()).map(({ scoredAt: _, ...row }) => row);
      const caughtUp = await facts();
      store = daily;
      expect(caughtUp).toEqual(await facts());
      expect(caughtUp).toHaveLength(45 * 4);
    } finally {
      await other.remove();
    }
  });

  test("adds a second scoring beside the first when a candle is revised later, and only then", async () => {
    for (const day of [0, 1]) await publishDay(store, day);
    await putCloses({ 0: 105, 1: 99 }, 3);
    await round(3);
    const [first] = await ofEnsemble();
    await putCloses({ 0: 110 }, 50);
    expect(await round(51)).toMatchObject({ manifests: 0, scored: 0, rescored: 3 });
    expect(await scorings()).toEqual([
      [0, 1, 105],
      [0, 2, 110],
      [1, 1, 99],
    ]);
    expect((await ofEnsemble())[0]).toEqual(first);
    expect((await ofEnsemble())[1]).toMatchObject({
      asOfClose: 100,
      actualLogReturn: Math.log(1.1),
      candleFetchedAt: FIRST_DAY + 50 * DAY,
    });
    expect(await round(52)).toMatchObject({ rescored: 0 });
  });

  test("leaves a gap unscored for good, and scores it if a backfill fills it", async () => {
    for (const day of [0, 1, 2]) await publishDay(store, day);
    await putCloses({ 0: 101, 2: 103 }, 3);
    expect(await round(3)).toMatchObject({ open: 0, waiting: 3 });
    expect(await round(400)).toMatchObject({ manifests: 0, scored: 0 });
    expect(await scorings()).toEqual([
      [0, 1, 101],
      [1, null, null],
      [2, 1, 103],
    ]);
    await putCloses({ 1: 102 }, 401);
    expect(await round(402)).toMatchObject({ manifests: 0, scored: 3, waiting: 0 });
    expect(await scorings()).toEqual([
      [0, 1, 101],
      [1, 1, 102],
      [2, 1, 103],
    ]);
  });

  test("looks at candle files again that were written since the last look, not at older ones", async () => {
    for (const day of [213, 214]) await publishDay(store, day);
    await putCloses({ 213: 101, 214: 102 });
    const older = "data/candles/interval=1d/coin=BTC/year=2020.parquet";
    age(folder.path, older, Date.now() - DAY);
    await round(300);
    expect(await round(301)).toMatchObject({ files: 1, rescored: 0 });
    expect(await round(302, { all: true })).toMatchObject({ files: 2, rescored: 0 });
    await putCloses({ 213: 111 }, 500);
    expect(await round(303)).toMatchObject({ files: 2, rescored: 3 });
  });

  test("passes over manifests of before, which kept no forecasts", async () => {
    await publish(store, (previous) => runManifest("before", FIRST_DAY - DAY, previous, null));
    await publishDay(store, 0);
    await putCloses({ 0: 105 });
    expect(await round(1)).toMatchObject({ manifests: 1, scored: 3 });
  });

  test("writes each target into the file of its own period", async () => {
    for (const day of [213, 214]) await publishDay(store, day);
    await putCloses({ 213: 1_000, 214: 1_010 });
    await round(300);
    const files: string[] = [];
    for await (const { key } of store.list("predictions/outcomes/")) files.push(key.slice(21));
    expect(files).toEqual(["interval=1d/coin=BTC/year=2020.parquet", "interval=1d/coin=BTC/year=2021.parquet"]);
  });

  test("by two at once has no row twice, and loses none", async () => {
    for (let day = 0; day < 25; day++) await publishDay(store, day);
    await putCloses(Object.fromEntries(Array.from({ length: 25 }, (_, day) => [day, 100 + day])));
    await Promise.all([round(30), round(30), round(30)]);
    await round(30);
    await round(30);
    expect(await scorings()).toEqual(Array.from({ length: 25 }, (_, day) => [day, 1, 100 + day]));
    expect((await readScoringState(store)).open).toEqual([]);
  });

  test("killed at any write goes on where it was", async () => {
    for (const day of [0, 1]) await publishDay(store, day);
    await putCloses({ 0: 105, 1: 99 });
    for (let step = 0; step < 3; step++) {
      let writes = 0;
      const dying: ObjectStore = {
        ...store,
        put: async (key, bytes, condition) => {
          if (writes++ === step) throw new Error("killed");
          return store.put(key, bytes, condition);
        },
      };
      const ended = await round(3, { from: dying }).catch((error: Error) => error.message);
      if (step === 0) expect(ended).toBe("killed");
    }
    await round(3);
    expect(await scorings()).toEqual([
      [0, 1, 105],
      [1, 1, 99],
    ]);
  });

  test("names what can't be read, scores the rest, and tries that again later", async () => {
    const broken = await publishDay(store, 0);
    await publishDay(store, 1);
    await putCloses({ 0: 105, 1: 99 });
    const key = forecastKey(broken.version);
    const whole = (await store.get(key))?.bytes ?? new Uint8Array();
    const put = async (bytes: Uint8Array) => {
      await store.delete(key);
      await store.put(key, bytes, { ifAbsent: true });
    };
    await put(whole.slice(0, -1));
    expect(await round(3)).toMatchObject({ scored: 3, open: 1, problems: [expect.stringContaining(key)] });
    expect(await scorings()).toEqual([[1, 1, 99]]);
    await put(whole);
    expect(await round(4)).toMatchObject({ scored: 3, open: 0, problems: [] });
  });

  test("keeps a manifest open while a coin's outcomes are damaged", async () => {
    await publishDay(store, 0);
    await putCloses({ 0: 105 });
    const key = "predictions/outcomes/interval=1d/coin=BTC/year=2020.parquet";
    await store.put(key, new Uint8Array([1, 2, 3]), { ifAbsent: true });
    expect(await round(3)).toMatchObject({ scored: 0, open: 1, problems: [expect.stringContaining(key)] });
    await store.delete(key);
    expect(await round(4)).toMatchObject({ scored: 3, open: 0 });
  });

  test("finds a revised candle though the file of outcomes was damaged when the candle came", async () => {
    await publishDay(store, 0);
    await putCloses({ 0: 105 });
    await round(1);
    const key = "predictions/outcomes/interval=1d/coin=BTC/year=2020.parquet";
    const whole = (await store.get(key))?.bytes ?? new Uint8Array();
    const candles = "data/candles/interval=1d/coin=BTC/year=2020.parquet";
    const put = async (bytes: Uint8Array) => {
      await store.delete(key);
      await store.put(key, bytes, { ifAbsent: true });
    };
    age(folder.path, candles, Date.now() - 2 * DAY);
    await store.delete("predictions/scoring.json");
    await round(1);
    await putCloses({ 0: 110 }, 500);
    age(folder.path, candles, Date.now() - DAY);
    await put(whole.slice(0, -1));
    expect(await round(2)).toMatchObject({ rescored: 0, problems: [expect.stringContaining(key)] });
    // Another coin's candles are newer by far.
    await upsertCandles(store, series([candle(0)], { symbol: "ETH" }));
    await put(whole);
    expect(await round(3)).toMatchObject({ rescored: 3, problems: [] });
  });

  test("names a manifest of the chain that can't be read, and scores what is newer", async () => {
    const broken = await publishDay(store, 0);
    await publishDay(store, 1);
    await putCloses({ 0: 105, 1: 99 });
    await store.delete(manifestKey(broken.version));
    expect(await round(3)).toMatchObject({ scored: 3, problems: [expect.stringContaining(broken.version)] });
    expect(await round(4)).toMatchObject({ manifests: 0, problems: [] });
  });

  test("stores nothing but forecasts, outcomes and its state", async () => {
    await publishDay(store, 0);
    await round(3);
    const kinds = new Set<string | null>();
    for await (const { key } of store.list("predictions/")) kinds.add(kindOf(key));
    expect([...kinds].sort()).toEqual(["forecasts", "outcomes", "scoringState"]);
  });
});
