import { beforeAll, describe, expect, test } from "vitest";
import { reportAnswer } from "../../api/answers/report-answer.ts";
import { health, prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { drawReport } from "../../api/charts/draw-report.ts";
import { importanceChart } from "../../api/charts/importance-chart.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import { candleFeatureSet } from "../../core/features/feature-set.ts";
import type { ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { wordsFor } from "../../core/reports/feature-words.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

let published: PublishedStore;
let day = 0;
beforeAll(async () => {
  published = await createPublishedStore();
});

/** The API over a manifest with a changed entry of HET. */
async function serve(change: (entry: SymbolEntry) => SymbolEntry = (entry) => entry) {
  const createdAt = new Date(Date.UTC(2017, 5, 1 + day++)).toISOString();
  await published.publish(createdAt, ({ HET }) => ({ HET: change(HET) }));
  const registry = createLiveRegistry(published.store, { pollMs: 0 });
  await registry.reload();
  return over(registry);
}

function over(registry: LiveRegistry) {
  const app = createApp({ registry, now: () => Date.parse("2017-06-01T01:00:00Z"), codeVersion: "0.0.0" });
  const page = async (path: string) => {
    const response = await app.request(path);
    return { response, text: await response.text() };
  };
  return { app, registry, page };
}

const noSkill = (entry: SymbolEntry): SymbolEntry => ({
  ...entry,
  models: entry.models.map((model) => ({ ...model, role: "no_skill" as const, reason: "does not beat no change for certain" })),
});

/** The regressor that is served. */
function champion(): ModelEntry {
  const found = published.entry.models.find(({ role, task }) => role === "champion" && task === "regression");
  if (!found) throw new Error("HET, whose law is known, has no champion");
  return found;
}

/** Addresses that a page makes a browser load or lead to. */
function addressesIn(text: string): string[] {
  return [...text.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address).filter((address) => address !== "data:,");
}

describe("a symbol's report", () => {
  test("tells which model is served and why, and that the coin is simulated", async () => {
    const { text } = await (await serve()).page("/symbol/het/report");
    const { name, skill } = champion();
    const smaller = (100 * (skill.value ?? Number.NaN)).toFixed(2);
    expect(text).toContain(`Served by the ${inWords(name)}: its error on HET is ${smaller} % smaller than that of “no change”`);
    expect(text).toContain('<span class="tag good">champion</span>');
    expect(text).toContain('<span class="tag warn">simulated</span>');
    expect(text).toContain("Simulated: its prices are made up, by a known law.");
    expect(text).toContain(published.report.explanation.sentence);
  });

  test("needs nothing from elsewhere, and runs no script", async () => {
    const { app, page } = await serve();
    const { response, text } = await page("/symbol/HET/report");
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(text.replaceAll(/xmlns(:xlink)?="[^"]*"/g, "")).not.toMatch(/https?:|\/\//);
    expect(text).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=/);
    const addresses = addressesIn(text);
    expect(addresses.filter((address) => address.includes("/assets/style."))).toHaveLength(1);
    const pathOf = (address: string) => new URL(address, "http://x/symbol/HET/report").pathname;
    for (const address of addresses) expect((await app.request(pathOf(address))).status, address).toBe(200);
  });

  test("has five pictures, four of them for narrow screens too, each with title, description and its numbers", async () => {
    const { text } = await (await serve()).page("/symbol/HET/report");
    const ids = [...text.matchAll(/<svg role="img" aria-labelledby="(\S+) (\S+)"/g)];
    expect(ids).toHaveLength(9);
    for (const [, title, description] of ids) {
      expect(text).toMatch(new RegExp(`<title id="${title}">[^<]{10,}</title><desc id="${description}">[^<]{20,}</desc>`));
    }
    expect(text.match(/<details>/g)).toHaveLength(5);
    expect(text).not.toMatch(/NaN|undefined|\[object/);
  });

  test("has room for the words of every feature beside the bars of importance", () => {
    const { report } = published;
    if (!report.importance) throw new Error("HET's report has no importance");
    const labels = candleFeatureSet.features.map(({ name }) => wordsFor(name, "1m").label);
    const longest = Math.max(...labels.map((label) => label.length));
    // Of 12 pixels, measured in wide letters: 5.7 pixels a letter on average.
    expect(importanceChart(report)?.spec.padding).toMatchObject({ left: expect.toSatisfy((left: number) => left >= 5.9 * longest) });
  });

  test("scrolls sideways by keyboard, too, where a screen is narrow", async () => {
    const app = await serve();
    for (const path of ["/symbol/HET/report"]) {
      const { text } = await app.page(path);
      const shown = text.replaceAll(/<details>.*?<\/details>/gs, "");
      const regions = shown.match(/<div class="scroll"[^>]*>/g) ?? [];
      expect(regions.length, path).toBeGreaterThan(0);
      for (const region of regions) expect(region).toMatch(/role="region" aria-label="[^"]+" tabindex="0"/);
    }
  });

  test("shows `no skill` where no model beats the baseline", async () => {
    const { text } = await (await serve(noSkill)).page("/symbol/HET/report");
    expect(text).toContain("No skill: no model beats “no change” on HET for certain, so the last close is served.");
    expect(text).toContain("Chance of a rise: no skill, so the usual share of rises is served.");
    expect(text).toContain('<span class="tag">no skill</span>');
    expect(text).not.toMatch(/Served by|Why this prediction/);
  });

  test("shows what is not known as unknown, never as a number", async () => {
    const blank = (entry: SymbolEntry): SymbolEntry => ({
      ...entry,
      models: entry.models.map((model) => ({
        ...model,
        metrics: { ...model.metrics, rmse: null, auc: null },
        skill: { ...model.skill, value: null },
        gateLower: null,
      })),
    });
    const { text } = await (await serve(blank)).page("/symbol/HET/report");
    const table = text.slice(text.indexOf("All models"));
    const rows = [...table.matchAll(/<tr>\s*<td class="text">(.*?)<\/tr>/gs)].map(([row]) => row);
    expect(rows).toHaveLength(6);
    for (const row of rows) expect(row.match(/<td>unknown<\/td>/g)?.length, row).toBe(3);
    expect(text).toContain("unknown smaller than");
  });

  test("is answered as data too, with the manifest's judgement of the models", async () => {
    const { app } = await serve();
    const body = reportAnswer.parse(await (await app.request("/symbol/HET/report.json")).json());
    const { name, skill } = champion();
    expect(body).toMatchObject({ symbol: "HET", simulated: true, regressor: name });
    expect(body.models.map((model) => model.name)).toEqual(published.entry.models.map((model) => model.name));
    expect(body.cumulative_skill.models.find(({ model }) => model === name)?.skill.at(-1)).toBeCloseTo(skill.value ?? Number.NaN, 9);
  });

  test("gives the prediction its explanation, unless no model is served", async () => {
    const { app } = await serve();
    const body = prediction.parse(await (await app.request("/symbol/HET")).json());
    const { heldOut, ...explanation } = published.report.explanation;
    expect(body.explanation).toEqual({ ...explanation, held_out: heldOut });
    expect(body.explanation).toMatchObject({ model: champion().name, rows: 375, held_out: 125 });
    for (const change of [noSkill, (entry: SymbolEntry) => ({ ...entry, report: null })]) {
      const without = await serve(change);
      expect(prediction.parse(await (await without.app.request("/symbol/HET")).json()).explanation).toBeNull();
    }
  });

  test("is drawn once, also over a newer manifest with the same report", async () => {
    const { registry } = await serve();
    const first = registry.current()?.symbols.get("HET")?.report.report;
    await published.publish(new Date(Date.UTC(2017, 5, 1 + day++)).toISOString());
    expect((await registry.reload()).changed).toBe(true);
    const second = registry.current()?.symbols.get("HET")?.report.report;
    if (!first || !second) throw new Error("no report was loaded");
    expect(drawReport(second)).toBe(drawReport(first));
  });
});

describe("without a report", () => {
  const key = "reports/broken.json";
  const cases: [string, (entry: SymbolEntry) => SymbolEntry, RegExp][] = [
    [
      "none was written",
      (entry) => ({ ...entry, report: null }),
      /No report of HET was written with its models; the next training writes one\./,
    ],
    [
      "it is gone",
      (entry) => ({ ...entry, report: { key: "reports/gone.json", sha256: "0".repeat(64), bytes: 1, rows: null } }),
      /The report of HET can't be read/,
    ],
    [
      "its bytes are others",
      (entry) => ({ ...entry, report: { key, sha256: "0".repeat(64), bytes: 2, rows: null } }),
      /The report of HET can't be read/,
    ],
  ];

  test.each(cases)("because %s: a 404 tells so, and predictions go on", async (why, change, reason) => {
    if (!(await published.store.get(key))) await published.store.put(key, new TextEncoder().encode("{}"), { ifAbsent: true });
    const { app } = await serve(change);
    for (const path of ["/symbol/HET/report", "/symbol/HET/report.json"]) {
      const response = await app.request(path);
      expect(response.status).toBe(404);
      expect(response.headers.get("content-type")).toContain("application/problem+json");
      expect(problemSchema.parse(await response.json()).detail).toMatch(reason);
    }
    expect((await app.request("/symbol/HET")).status).toBe(200);
    const { faults } = health.parse(await (await app.request("/health")).json());
    expect(faults.map(({ kind }) => kind)).toEqual(why === "none was written" ? [] : ["report"]);
  });

  test("an unknown symbol is a 404, an empty store a 503", async () => {
    expect((await (await serve()).app.request("/symbol/FOO/report")).status).toBe(404);
    const empty = over(createLiveRegistry(createMemoryStore(), { pollMs: 0 }));
    expect((await empty.app.request("/symbol/HET/report")).status).toBe(503);
  });
});
