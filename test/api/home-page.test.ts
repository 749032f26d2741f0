import { beforeAll, describe, expect, test } from "vitest";
import { prediction } from "../../api/answers/schemas.ts";
import { createApp } from "../../api/app.ts";
import { createLiveRegistry, type LiveRegistry } from "../../api/served/live-registry.ts";
import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { POINTER_KEY } from "../../storage/registry/reader.ts";
import { createPublishedStore, type PublishedStore } from "./published-store.ts";

const NOW = Date.parse("2017-06-01T01:00:00Z");
let published: PublishedStore;
let minute = 0;

beforeAll(async () => {
  published = await createPublishedStore();
});

function over(registry: LiveRegistry, now = NOW) {
  const app = createApp({ registry, now: () => now, codeVersion: "0.0.0" });
  return { app, page: async () => (await app.request("/")).text() };
}

async function serve(change: (entry: SymbolEntry) => SymbolEntry = (entry) => entry, now = NOW) {
  await published.publish(`2017-06-01T00:${String(++minute).padStart(2, "0")}:00.000Z`, ({ HET }) => ({ HET: change(HET) }));
  const registry = createLiveRegistry(published.store, { pollMs: 0 });
  await registry.reload();
  return over(registry, now);
}

const noSkill = (entry: SymbolEntry): SymbolEntry => ({ ...entry, models: entry.models.map((model) => ({ ...model, role: "no_skill" })) });

describe("the overview", () => {
  test("shows each coin with close, prediction, interval, when, chance, volatility and evidence", async () => {
    const { app, page } = await serve();
    const text = await page();
    const { prediction: served, direction, volatility } = prediction.parse(await (await app.request("/symbol/HET")).json());
    const shown = (value: number | null | undefined) => (value ?? Number.NaN).toFixed(2);
    for (const part of [shown(served.price), shown(served.interval?.lower), shown(served.interval?.upper)]) expect(text).toContain(part);
    expect(text).toContain(inWords(served.served_by ?? ""));
    expect(text).toContain("by 2 Jun 2017, 00:00 UTC");
    expect(text).toContain(`${(100 * (direction.probability_up ?? Number.NaN)).toFixed(1)} %`);
    expect(text).toContain(`${(100 * (volatility ?? Number.NaN)).toFixed(2)} %`);
    expect(text).toMatch(/skill \+\d+\.\d\d %/);
    expect(text).toContain('href="./coin/HET"');
    expect(text).toContain('aria-label="HET: its last 60 closes, and the predicted close with its interval"');
  });

  test("explains each of its terms by something that opens without a mouse", async () => {
    const text = await (await serve()).page();
    const terms = [...text.matchAll(/<button type="button" class="term" popovertarget="([^"]+)">/g)].map(([, id]) => id);
    expect(terms.length).toBeGreaterThan(4);
    for (const id of terms) expect(text).toMatch(new RegExp(`<div popover id="${id}" class="explained"><p>[^<]{30,}`));
  });

  test("shows `no skill` and the last close where no model serves", async () => {
    const text = await (await serve(noSkill)).page();
    expect(text).toContain('<span class="tag">no skill</span>');
    expect(text).toMatch(/0\s+of\s+1\s+coin has a model that beats/);
    expect(text).toContain("1 show the last close instead");
  });

  test("tells no untruth where all is withheld", async () => {
    const text = await (await serve(undefined, Date.parse("2017-07-01T00:00:00Z"))).page();
    expect(text).toContain("Every prediction is withheld");
    expect(text).toContain("stale candles");
    expect(text).toContain("1 are withheld");
    expect(text).not.toContain("show the last close instead");
    expect(text).not.toContain('class="dot"');
  });

  test("tells why a coin is behind, as text and not as markup", async () => {
    const text = await (await serve((entry) => ({ ...entry, status: "stale", staleReason: '"><script>alert(1)</script>' }))).page();
    expect(text).toContain("behind");
    expect(text).toContain("&lt;script&gt;alert(1)");
    expect(text).not.toContain("<script>");
  });

  test("tells that nothing has been published yet, and how to begin", async () => {
    const registry = createLiveRegistry(createMemoryStore(), { pollMs: 0 });
    await registry.reload();
    const text = await over(registry).page();
    expect(text).toContain("Nothing has been published yet.");
    expect(text).toContain("npx candlecast pipeline");
  });

  test("tells that nothing can be read, without path or key, if all is broken", async () => {
    const store = createMemoryStore();
    await store.put(POINTER_KEY, new TextEncoder().encode("{"), { ifAbsent: true });
    const registry = createLiveRegistry(store, { pollMs: 0 });
    await registry.reload();
    const text = await over(registry).page();
    expect(text).toContain("What was published can&#39;t be read.");
    expect(text).not.toContain("latest.json");
    expect(text).not.toContain("Nothing has been published yet");
  });
});
