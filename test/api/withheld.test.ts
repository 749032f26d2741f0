import { beforeAll, describe, expect, test } from "vitest";
import { prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import type { LoadedRow } from "../../api/served/served.ts";
import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import { rollBack } from "../../storage/registry/rollback.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

const NOW = Date.parse("2017-06-01T01:00:00Z");
let published: PublishedStore;
let manifests = 0;

beforeAll(async () => {
  published = await createPublishedStore();
});

describe("an answer is withheld, with a typed reason and no number,", () => {
  const WITHHELD = { served_by: null, label: "withheld" };
  const NO_PRICE = { ...WITHHELD, price: null, log_return: null, interval: null };
  const NO_CHANCE = { ...WITHHELD, probability_up: null };
  type Change = (symbols: Record<string, SymbolEntry>) => Record<string, SymbolEntry>;

  interface Asked {
    readonly now?: number;
    /** of the newest candle: changed, or another than it is */
    readonly features?: (value: number, f: number) => number;
    readonly volatility?: number;
    readonly change?: Change;
  }

  async function ask({ now = NOW, features, volatility, change }: Asked) {
    await published.publish(`2017-06-01T00:30:${String(++manifests).padStart(2, "0")}.000Z`, change);
    const registry = createLiveRegistry(published.store, { pollMs: 0 });
    await registry.reload();
    const row = registry.current()?.symbols.get("HET")?.row as LoadedRow;
    row.columns.forEach((column, f) => {
      column[0] = features ? features(column[0], f) : column[0];
    });
    if (volatility !== undefined) Object.assign(row, { volatility });
    return createApp({ registry, now: () => now, codeVersion: "0.0.0" });
  }

  async function predict(options: Parameters<typeof ask>[0]) {
    return prediction.parse(await (await (await ask(options)).request("/symbol/HET")).json());
  }

  test("where the newest candle is unlike any that was learned from", async () => {
    const body = await predict({ features: () => 1e6 });
    expect(body.warnings.map(({ code }) => code)).toEqual(["simulated", "novel_input"]);
    expect(body.prediction).toMatchObject({ ...NO_PRICE, reasons: ["novel_input"] });
    expect(body.direction).toMatchObject({ ...NO_CHANCE, reasons: ["novel_input"] });
  });

  test("where most features of the newest candle are unknown", async () => {
    const body = await predict({ features: (value, f) => (f % 3 ? Number.NaN : value) });
    expect(body.prediction).toMatchObject({ ...NO_PRICE, reasons: ["missing_features"] });
    expect(body.warnings.at(-1)?.detail).toMatch(/^Only \d+ of \d+ features/);
  });

  test("and so is every model's forecast, the ensemble's too, where the recent volatility is unknown", async () => {
    const body = await predict({ volatility: Number.NaN });
    expect(body.prediction).toMatchObject({ ...NO_PRICE, reasons: ["missing_features"] });
    const regressors = body.models.filter(({ task }) => task === "regression");
    expect(regressors.map(({ name }) => name)).toContain("ensemble");
    for (const model of regressors) expect(model).toMatchObject({ log_return: null, price: null, interval: null });
  });

  test("where the newest candle is older than it should be: one late candle is waited for, two are too many", async () => {
    const served = await predict({ now: Date.parse("2017-06-02T23:59:59Z") });
    expect(served.prediction.label).toBe("champion");
    const body = await predict({ now: Date.parse("2017-06-03T00:00:00Z") });
    expect(body.prediction).toMatchObject({ ...NO_PRICE, reasons: ["stale_candles"] });
    expect(body.direction).toMatchObject({ ...NO_CHANCE, reasons: ["stale_candles"] });
    expect(body.warnings.find(({ code }) => code === "stale_candles")?.detail).toContain("2 candles older");
  });

  test("where too few errors are known to tell how far it may be off: the chance of up is served all the same", async () => {
    const reason = "4 out-of-sample errors of this coin are too few";
    const change: Change = ({ HET }) => ({
      HET: {
        ...HET,
        models: HET.models.map((model) => ({ ...model, interval: model.interval && { ...model.interval, q: null, n: 4, reason } })),
      },
    });
    const body = await predict({ change });
    expect(body.prediction).toMatchObject({ ...NO_PRICE, reasons: ["too_little_history"] });
    expect(body.warnings).toContainEqual({ code: "too_little_history", detail: reason });
    expect(body.direction.label).toBe("champion");
  });

  test("but not the baseline's, which needs only a newest candle that is not stale", async () => {
    const noSkill: Change = ({ HET }) => ({ HET: { ...HET, models: HET.models.map((model) => ({ ...model, role: "no_skill" })) } });
    const novel = await predict({ change: noSkill, features: () => 1e6 });
    expect(novel.prediction).toMatchObject({ served_by: "no_change", label: "no_skill", reasons: [] });
    const late = await predict({ change: noSkill, now: Date.parse("2017-06-09T00:00:00Z") });
    expect(late.prediction).toMatchObject({ ...NO_PRICE, reasons: ["stale_candles"] });
  });

  test("together with the reasons of the model that made it", async () => {
    const onlyDirection: Change = ({ HET }) => ({
      HET: {
        ...HET,
        models: HET.models.map((model) => ({
          ...model,
          role: model.name === "random_forest_classifier" ? ("champion" as const) : ("no_skill" as const),
        })),
      },
    });
    const report = { ...published.report, explanation: { ...published.report.explanation, model: "random_forest_classifier" as const } };
    const bytes = new TextEncoder().encode(JSON.stringify(report));
    const ref = await putImmutable(published.store, `reports/${sha256Hex(bytes)}.json`, bytes, null);
    const change: Change = (symbols) => ({ HET: { ...onlyDirection(symbols).HET, report: ref } });
    const served = await predict({ change });
    expect(served.direction.label).toBe("champion");
    expect(served.explanation?.model).toBe("random_forest_classifier");
    const novel = await predict({ change, features: () => 1e6 });
    expect(novel.prediction.label).toBe("no_skill");
    expect(novel.direction).toMatchObject(NO_CHANCE);
    expect(novel.explanation).toBeNull();
  });

  test("after a rollback to an old manifest too: a rollback makes no candle newer", async () => {
    const old = await published.publish(`2017-06-01T00:30:${String(++manifests).padStart(2, "0")}.000Z`);
    const { store } = published;
    const now = Date.parse("2017-06-11T00:30:00Z");
    await published.publish("2017-06-10T00:30:00.000Z");
    const registry = createLiveRegistry(store, { pollMs: 0 });
    const app = createApp({ registry, now: () => now, codeVersion: "0.0.0" });
    const expectStale = async () => {
      await registry.reload();
      const body = prediction.parse(await (await app.request("/symbol/HET")).json());
      expect(body.prediction).toMatchObject({ ...NO_PRICE, reasons: ["stale_candles"] });
    };
    const { manifest: back } = await rollBack(store, old.version, { reason: "a test", now });
    await expectStale();
    await published.publish("2017-06-11T00:40:00.000Z", ({ HET }) => ({ HET: { ...HET, source: "another" } }));
    const again = await rollBack(store, back.version, { reason: "a test of going back to that", now: now + 1_200_000 });
    expect(again.published).toBe(true);
    await expectStale();
  });

  test("but the last close is served without an interval, and a warning tells why there is none", async () => {
    const reason = "4 out-of-sample errors of this coin are too few";
    const change: Change = ({ HET }) => ({
      HET: {
        ...HET,
        models: HET.models.map((model) => ({
          ...model,
          role: "no_skill",
          baselineInterval: model.baselineInterval && { ...model.baselineInterval, q: null, n: 4, reason },
        })),
      },
    });
    const body = await predict({ change });
    expect(body.prediction).toMatchObject({ served_by: "no_change", label: "no_skill", reasons: [], interval: null });
    expect(body.direction).toMatchObject({ served_by: "class_prior", reasons: [] });
    expect(body.warnings).toContainEqual({ code: "too_little_history", detail: reason });
  });

  test("is shown as such on the first page", async () => {
    const app = await ask({ now: Date.parse("2017-07-01T00:00:00Z") });
    expect(await (await app.request("/")).text()).toContain("stale candles");
  });
});
