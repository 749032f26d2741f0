import { describe, expect, test } from "vitest";
import type { ModelEntry } from "../../core/manifests/manifest.ts";
import type { ModelForecast } from "../../core/serving/forecast-models.ts";
import { type ServingInput, serveDirection, servePrice } from "../../core/serving/served-answers.ts";
import { WITHHOLDING_REASONS } from "../../core/serving/withholding.ts";
import { type ModelName, type Role, taskOf } from "../../core/vocabulary/model-names.ts";

const ROW = { interval: "1d", openTime: 0, close: 200, volatility: 0.01, names: [], columns: [] } as const;
const ENTRIES = [
  { baselines: { class_prior: 0.53 }, baselineInterval: { coverage: 0.9, q: 2, n: 100, reason: null } },
] as unknown as readonly ModelEntry[];

function forecast(name: ModelName, role: Role, value: number | null): ModelForecast {
  const head = { name, scope: "pooled", task: taskOf(name), role, reason: "", file: null } as const;
  if (head.task === "classification") return { ...head, logReturn: null, price: null, interval: null, probabilityUp: value };
  const price = value === null ? null : 210;
  return { ...head, logReturn: value, price, interval: price && { coverage: 0.9, lower: 190, upper: 230 }, probabilityUp: null };
}

const serving = (change: Partial<ServingInput> & { readonly role?: Role; readonly value?: number | null } = {}): ServingInput => {
  const { role = "champion", value = 0.05, ...rest } = change;
  const forecasts = [
    forecast("random_forest", "challenger", 0.1),
    forecast("ensemble", role, value),
    forecast("logistic_regression", role, value),
  ];
  return { entries: ENTRIES, forecasts, row: ROW, horizon: 4, reasons: [], ...rest };
};
const WITHHELD = { servedBy: null, scope: null, label: "withheld" };

describe("the served price", () => {
  test("is the champion's", () => {
    const interval = { coverage: 0.9, lower: 190, upper: 230 };
    const head = { servedBy: "ensemble", scope: "pooled", label: "champion", reasons: [] };
    expect(servePrice(serving())).toEqual({ ...head, price: 210, logReturn: 0.05, interval });
  });

  test("without a champion is the last close, with the interval of no change", () => {
    const { interval, ...served } = servePrice(serving({ role: "no_skill" }));
    expect(served).toEqual({ servedBy: "no_change", scope: null, label: "no_skill", reasons: [], price: 200, logReturn: 0 });
    // q × volatility × √horizon = 2 × 0.01 × 2 = 0.04; 200 × e^±0.04
    expect(interval?.lower).toBeCloseTo(192.1578878305, 9);
    expect(interval?.upper).toBeCloseTo(208.1621548385, 9);
  });

  test.each(WITHHOLDING_REASONS)("of a champion is withheld for %s", (reason) => {
    expect(servePrice(serving({ reasons: [reason] }))).toEqual({
      ...WITHHELD,
      reasons: [reason],
      price: null,
      logReturn: null,
      interval: null,
    });
  });

  test("of a champion whose forecast is undefined is withheld: features are missing", () => {
    expect(servePrice(serving({ value: null }))).toMatchObject({ ...WITHHELD, reasons: ["missing_features"] });
    expect(servePrice(serving({ value: null, reasons: ["novel_input"] }))).toMatchObject({ reasons: ["novel_input"] });
  });

  test("of the baseline is withheld only where the newest candle is stale", () => {
    const { price, reasons } = servePrice(
      serving({ role: "no_skill", reasons: ["novel_input", "missing_features", "too_little_history"] }),
    );
    expect({ price, reasons }).toEqual({ price: 200, reasons: [] });
    const stale = servePrice(serving({ role: "no_skill", reasons: ["stale_candles", "novel_input"] }));
    expect(stale).toMatchObject({ ...WITHHELD, reasons: ["stale_candles"], price: null });
  });
});

describe("the served direction", () => {
  test("is the champion's, or else the class prior", () => {
    const head = { servedBy: "logistic_regression", scope: "pooled", label: "champion", reasons: [] };
    expect(serveDirection(serving({ value: 0.6 }))).toEqual({ ...head, probabilityUp: 0.6 });
    const baseline = { servedBy: "class_prior", scope: null, label: "no_skill", reasons: [] };
    expect(serveDirection(serving({ role: "no_skill" }))).toEqual({ ...baseline, probabilityUp: 0.53 });
  });

  test("needs no past errors of prices, unlike the price", () => {
    expect(serveDirection(serving({ reasons: ["too_little_history"] })).label).toBe("champion");
    expect(serveDirection(serving({ reasons: ["too_little_history", "novel_input"] }))).toMatchObject({
      ...WITHHELD,
      reasons: ["novel_input"],
      probabilityUp: null,
    });
  });
});
