import { beforeAll, expect, test } from "vitest";
import { prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { withKnownValues } from "./constant-models.ts";
import { createPublishedStore } from "./published-store.ts";

// Close 100, volatility 0.02, 4 candles ahead: regressors' outputs are in units of 0.02 × √4 = 0.04, and q = 1.5 makes every
// interval 0.06 to either side of the log return. The prices below are 100 × e^x, computed by hand.
const KNOWN = {
  close: 100,
  volatility: 0.02,
  horizon: 4,
  outputs: { gradient_boosting: 1, linear_regression: -0.5, random_forest: 0.25, logistic_regression: 0, random_forest_classifier: 0.625 },
  q: 1.5,
};
let body: ReturnType<typeof prediction.parse>;

beforeAll(async () => {
  const { store, entry, publish } = await createPublishedStore();
  const known = await withKnownValues(store, entry, KNOWN);
  const models = known.models.map((model) => {
    const isServed = model.name === "ensemble" || model.name === "random_forest_classifier";
    return { ...model, role: isServed ? ("champion" as const) : ("challenger" as const) };
  });
  await publish("2017-06-01T00:00:00.000Z", () => ({ HET: { ...known, models } }));
  const registry = createLiveRegistry(store, { pollMs: 0 });
  await registry.reload();
  const app = createApp({ registry, now: () => Date.parse("2017-06-01T01:00:00Z"), codeVersion: "0.0.0" });
  body = prediction.parse(await (await app.request("/symbol/HET")).json());
});

test.each([
  // e^0.04, e^−0.02, e^0.10
  ["gradient_boosting", 0.04, 104.0810774192, 98.0198673307, 110.5170918076],
  // e^−0.02, e^−0.08, e^0.04
  ["linear_regression", -0.02, 98.0198673307, 92.3116346387, 104.0810774192],
  // e^0.01, e^−0.05, e^0.07
  ["random_forest", 0.01, 101.0050167084, 95.1229424501, 107.2508181254],
  // (0.04 − 0.02 + 0.01) / 3 = 0.01
  ["ensemble", 0.01, 101.0050167084, 95.1229424501, 107.2508181254],
])("%s: a log return, the price after it, and its interval", (name, logReturn, price, lower, upper) => {
  const model = body.models.find((other) => other.name === name);
  expect(model?.probability_up).toBeNull();
  expect(model?.log_return).toBeCloseTo(logReturn, 15);
  expect(model?.price).toBeCloseTo(price, 9);
  expect(model?.interval?.coverage).toBe(0.9);
  expect(model?.interval?.lower).toBeCloseTo(lower, 9);
  expect(model?.interval?.upper).toBeCloseTo(upper, 9);
});

test.each([
  ["logistic_regression", 0.5],
  ["random_forest_classifier", 0.625],
])("%s: a probability and no price", (name, probability) => {
  const none = { log_return: null, price: null, interval: null };
  expect(body.models.find((other) => other.name === name)).toMatchObject({ ...none, probability_up: probability });
});

test("the champions' values are served, for the candle four days after the newest", () => {
  expect(body.as_of_candle).toEqual({ open_time: "2017-05-31T00:00:00.000Z", close_time: "2017-06-01T00:00:00.000Z", close: 100 });
  expect(body.target_candle).toEqual({ open_time: "2017-06-04T00:00:00.000Z", close_time: "2017-06-05T00:00:00.000Z" });
  expect(body.prediction).toMatchObject({ served_by: "ensemble", scope: "coin", label: "champion", reasons: [] });
  expect(body.prediction.price).toBeCloseTo(101.0050167084, 9);
  expect(body.prediction.log_return).toBeCloseTo(0.01, 15);
  expect(body.direction).toEqual({
    served_by: "random_forest_classifier",
    scope: "coin",
    label: "champion",
    reasons: [],
    probability_up: 0.625,
  });
});
