import { beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { type candlesBody, predictedAnswer } from "../../api/answers/predict-candles.ts";
import { prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import type { LoadedSymbol, Served } from "../../api/served/served.ts";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { forecastModels } from "../../core/serving/forecast-models.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { createPublishedStore } from "./published-store.ts";

const AS_OF = Date.parse("2017-06-01T00:00:00Z");
let app: ReturnType<typeof createApp>;
let registry: LiveRegistry;
let series: CandleSeries;
let candles: z.infer<typeof candlesBody>["candles"];

beforeAll(async () => {
  const { store, publish } = await createPublishedStore();
  await publish("2017-06-01T00:10:00.000Z");
  registry = createLiveRegistry(store, { pollMs: 0 });
  await registry.reload();
  app = createApp({ registry, now: () => AS_OF + 3_600_000, codeVersion: "0.0.0" });
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  series = cleanCandles(rows, { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF }).series;
  const orNull = (value: number) => (Number.isFinite(value) ? value : null);
  candles = Array.from(series.openTime, (time, i) => ({
    open_time: i % 2 === 0 ? time : new Date(time).toISOString(),
    open: series.open[i],
    high: series.high[i],
    low: series.low[i],
    close: series.close[i],
    volume: series.volume[i],
    quote_volume: orNull(series.quoteVolume[i]),
    market_cap: orNull(series.marketCap[i]),
  }));
});

const post = (body: unknown, headers: Record<string, string> = { "Content-Type": "application/json" }, symbol = "HET") =>
  app.request(`/symbol/${symbol}/predict`, { method: "POST", headers, body: typeof body === "string" ? body : JSON.stringify(body) });

async function problemOf(response: Response) {
  return problemSchema.parse(await response.json());
}

describe("a prediction from the caller's candles", () => {
  test("is the served one, to the last bit, from the pipeline's candles", async () => {
    const served = prediction.parse(await (await app.request("/symbol/HET")).json());
    const own = predictedAnswer.parse(await (await post({ candles })).json());
    expect(own.models).toEqual(served.models);
    expect(own.prediction).toEqual(served.prediction);
    expect(own.direction).toEqual(served.direction);
    expect(own.volatility).toBe(served.volatility);
    expect(own.as_of_candle).toEqual(served.as_of_candle);
    expect(own.target_candle).toEqual(served.target_candle);
  });

  test("is that of the pipeline's own features for 1,000 forecasts, whatever candle is the newest", async () => {
    const served = registry.current() as Served;
    const { entry, horizon } = served.symbols.get("HET") as LoadedSymbol;
    const { models } = served;
    const matrix = computeFeatures(series);
    let compared = 0;
    for (let last = series.length - 1; compared < 1_000; last--) {
      const row = {
        interval: matrix.interval,
        openTime: matrix.openTime[last],
        close: matrix.close[last],
        volatility: matrix.volatility[last],
        names: matrix.names,
        columns: matrix.columns.map((column) => column.slice(last, last + 1)),
      };
      const expected = forecastModels({ entries: entry.models, models, row, horizon });
      const answer = predictedAnswer.parse(await (await post({ candles: candles.slice(0, last + 1) })).json());
      for (const [i, model] of answer.models.entries()) {
        expect([model.log_return, model.price, model.probability_up]).toEqual([
          expected[i].logReturn,
          expected[i].price,
          expected[i].probabilityUp,
        ]);
        compared++;
      }
    }
  });

  test("is withheld where the candles are too few for the features", async () => {
    const own = predictedAnswer.parse(await (await post({ candles: candles.slice(0, 5) })).json());
    expect(own.prediction).toMatchObject({ label: "withheld", price: null, reasons: ["missing_features"] });
  });

  test("does not depend on the order of the candles", async () => {
    const [one, other] = [await post({ candles }), await post({ candles: [...candles].reverse() })];
    expect(await one.text()).toBe(await other.text());
  });
});

describe("what can't be used is refused, by name and value:", () => {
  const change = (i: number, fields: object) => ({ candles: candles.map((candle, k) => (k === i ? { ...candle, ...fields } : candle)) });

  test("a body that isn't JSON, or not said to be", async () => {
    expect((await problemOf(await post("{"))).status).toBe(400);
    expect((await problemOf(await post("{}", { "Content-Type": "text/plain" }))).status).toBe(415);
  });

  test("a field that is missing or unknown, a number that is none", async () => {
    expect((await problemOf(await post({}))).detail).toContain("candles");
    expect((await problemOf(await post(change(3, { close: "7" })))).detail).toContain("candles.3.close");
    expect((await problemOf(await post(change(3, { colour: "red" })))).detail).toContain("colour");
    expect((await problemOf(await post({ candles: [] }))).status).toBe(422);
  });

  test("a candle off the grid, without a possible price, or twice with other values", async () => {
    const off = await problemOf(await post(change(400, { open_time: series.openTime[400] + 1 })));
    expect(off).toMatchObject({ status: 422, type: "urn:problem-type:candlecast:invalid-candles" });
    expect(off.detail).toContain(new Date(series.openTime[400] + 1).toISOString());
    expect((await problemOf(await post(change(400, { close: 1e15 })))).detail).toContain(new Date(series.openTime[400]).toISOString());
    const twice = { candles: [...candles, { ...candles[9], close: candles[9].close * 1.5, high: candles[9].high * 2 }] };
    expect((await problemOf(await post(twice))).detail).toContain("two candles of the same time differ".replace("two", "Two"));
  });

  test("an unknown symbol", async () => {
    expect((await problemOf(await post({ candles }, undefined, "FOO"))).status).toBe(404);
  });
});
