import { beforeEach, describe, expect, test } from "vitest";
import type { ActivityDependencies } from "../../activities/dependencies.ts";
import type { Run } from "../../activities/heartbeat.ts";
import { scoreForecasts } from "../../activities/score/score-forecasts.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { readForecastHistory, readOpenForecasts } from "../../storage/prediction-files/forecast-history.ts";
import { candle, series } from "../candles/series.ts";
import { DAY, FIRST_DAY } from "../scoring/kept-forecast.ts";
import { publishDay } from "../scoring/publish-rows.ts";

const BTC = { symbol: "BTC", interval: "1d" } as const;
/** Over the end of a year, so that there are two files. */
const DAYS = [211, 212, 213, 214, 215];

let store: ObjectStore;
const score = (day: number) => {
  const run: Run = { attempt: 1, attempts: 1, signal: new AbortController().signal, lastProgress: null, progress: () => {} };
  return scoreForecasts({ store, now: () => FIRST_DAY + day * DAY } as ActivityDependencies, { all: false }, run);
};
const put = (days: readonly number[], close = 101, fetchedAt = 0) =>
  upsertCandles(
    store,
    series(
      days.map((day) =>
        candle(0, { openTime: FIRST_DAY + day * DAY, close, high: 200, low: 1, fetchedAt: FIRST_DAY + day * DAY + fetchedAt }),
      ),
    ),
  );
const dayOf = ({ targetOpenTime }: { targetOpenTime: number }) => (targetOpenTime - FIRST_DAY) / DAY;

beforeEach(async () => {
  store = createMemoryStore();
});

describe("a coin's history", () => {
  beforeEach(async () => {
    for (const day of DAYS) await publishDay(store, day);
    await put(DAYS);
    await score(216);
  });

  test("comes page by page, newest candle first, each row once, over the files", async () => {
    const pages: number[][] = [];
    let before: number | undefined;
    for (;;) {
      const { outcomes, next } = await readForecastHistory(store, { ...BTC, limit: 2, ...(before !== undefined && { before }) });
      pages.push(outcomes.map(dayOf));
      if (next === null) break;
      before = next;
    }
    const four = (day: number) => Array(4).fill(day);
    expect(pages).toEqual([[...four(215), ...four(214)], [...four(213), ...four(212)], four(211)]);
  });

  test("reads no older file than the page needs", async () => {
    const reads: string[] = [];
    const counted = {
      ...store,
      get(key: string) {
        reads.push(key);
        return store.get(key);
      },
    };
    await readForecastHistory(counted, { ...BTC, limit: 1 });
    expect(reads).toEqual(["predictions/outcomes/interval=1d/coin=BTC/year=2021.parquet"]);
  });

  test("shows the current scoring, or every one", async () => {
    await put([215], 120, DAY);
    await score(217);
    const page = { ...BTC, limit: 1 };
    const closes = async (everyScoring: boolean) =>
      (await readForecastHistory(store, { ...page, everyScoring })).outcomes
        .filter(({ model }) => model === "ensemble")
        .map(({ scoring, actualClose }) => [scoring, actualClose]);
    expect(await closes(false)).toEqual([[2, 120]]);
    expect(await closes(true)).toEqual([
      [1, 101],
      [2, 120],
    ]);
  });

  test("is empty for a coin, an interval and a time without forecasts", async () => {
    const nothing = { outcomes: [], next: null };
    expect(await readForecastHistory(store, { symbol: "BT", interval: "1d", limit: 5 })).toEqual(nothing);
    expect(await readForecastHistory(store, { symbol: "BTC", interval: "1h", limit: 5 })).toEqual(nothing);
    expect(await readForecastHistory(store, { ...BTC, limit: 5, before: FIRST_DAY })).toEqual(nothing);
  });
});

describe("open forecasts", () => {
  test("are those whose candle has not closed, whether scoring has seen their manifest or not", async () => {
    expect(await readOpenForecasts(store, BTC)).toEqual([]);
    await publishDay(store, 0);
    expect((await readOpenForecasts(store, BTC)).map(dayOf)).toEqual([0, 0, 0, 0]);
    await score(0.5);
    expect((await readOpenForecasts(store, BTC)).map(dayOf)).toEqual([0, 0, 0, 0]);
    await publishDay(store, 1);
    expect((await readOpenForecasts(store, BTC)).map(dayOf)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    await score(1.5);
    expect((await readOpenForecasts(store, BTC)).map(dayOf)).toEqual([1, 1, 1, 1]);
    expect(await readOpenForecasts(store, { symbol: "ETH", interval: "1d" })).toEqual([]);
    await score(2);
    expect(await readOpenForecasts(store, BTC)).toEqual([]);
  });
});
