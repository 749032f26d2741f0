// First, because it teaches zod what schemas say of themselves in the OpenAPI document.
import "../../api/app.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CheckedSymbol, checkSymbol } from "../../api/browser/check-symbol.ts";
import type { Fetch } from "../../api/browser/get-bytes.ts";
import { createRandom } from "../../core/random.ts";
import { decodeCandles } from "../../storage/candle-files/candle-file.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { revisionKey } from "../../storage/candle-files/partitions.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type CheckableFolder, serveCheckable } from "./checkable-folder.ts";
import { serveFolder } from "./serve-folder.ts";

const folder = temporaryFolder();
let served: CheckableFolder;

beforeAll(async () => {
  served = await serveCheckable(folder.path);
});

afterAll(async () => {
  await served?.close();
  folder.remove();
});

const check = (over: Fetch = fetch): Promise<CheckedSymbol> =>
  checkSymbol({ symbol: "HET", root: `${served.url}/`, fetch: over, now: Date.now });

/** A server in between that flips one bit of what one path answers, after so large a share of it. */
function flipping(path: string, share: number, bit: number): Fetch {
  return async (url, options) => {
    const response = await fetch(url, options);
    if (url !== `${served.url}/${path}`) return response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    bytes[Math.floor(share * bytes.byteLength)] ^= 1 << bit;
    return new Response(bytes, { status: response.status, headers: { date: response.headers.get("date") ?? "" } });
  };
}

describe("checking a served prediction", () => {
  test("says equal to the last bit, and what was compared", async () => {
    const { outcome, sentence, steps } = await check();
    expect(steps.filter((step) => step.outcome !== "equal")).toEqual([]);
    expect({ outcome, sentence }).toEqual({ outcome: "equal", sentence: "Equal to the last bit." });
    expect(steps.map(({ name }) => name)).toEqual([
      ...["arithmetic", "manifest", "newest", "candle files", "feature file", "features", "model files", "report"],
      ...["clock", "forecasts", "answer"],
    ]);
  });
});

/** Flips of each kind of file, a hundred in all. */
const FLIPS = { model: 30, candles: 15, features: 15, manifest: 20, answer: 20 };

describe("a flipped bit", () => {
  test("is seen 100 times of 100, and its file is named", { timeout: 240_000 }, async () => {
    const random = createRandom(3);
    const { symbols, version } = served.manifest;
    const { candles, features, models } = symbols.HET;
    const ofObject = ({ sha256, key }: { sha256: string; key: string }) => ({ path: `objects/${sha256}`, named: key });
    const pick = <T>(list: readonly T[]): T => list[random.int(list.length)];
    const targets = {
      model: () => ofObject(pick(models.flatMap(({ file }) => file ?? []))),
      candles: () => ofObject(pick(candles.objects)),
      features: () => ofObject(features),
      manifest: () => ({ path: `manifests/${version}/stored`, named: `manifests/${version}.json` }),
      answer: () => ({ path: "symbol/HET", named: "/symbol/HET" }),
    };
    const wrong: unknown[] = [];
    let flips = 0;
    for (const [kind, times] of Object.entries(FLIPS)) {
      for (let i = 0; i < times; i++) {
        const { path, named } = targets[kind as keyof typeof targets]();
        const share = random.next();
        const bit = random.int(8);
        const { outcome, sentence, steps } = await check(flipping(path, share, bit));
        flips++;
        const first = steps.find((step) => step.outcome === "differs")?.differences[0].of ?? "";
        if (outcome !== "differs" || !first.startsWith(named) || !sentence.includes(named))
          wrong.push({ kind, share, bit, named, sentence });
      }
    }
    expect(flips).toBe(100);
    expect(wrong).toEqual([]);
  });
});

describe("what can't be checked", () => {
  const over = (url: string) => checkSymbol({ symbol: "HET", root: `${url}/`, fetch, now: Date.now });
  const outcomes = ({ steps }: CheckedSymbol) => Object.fromEntries(steps.map(({ name, outcome }) => [name, outcome]));

  test("is named: an answer of a manifest without candle files is checked from the feature file on, withheld as it is", async () => {
    const other = temporaryFolder();
    const without = await serveFolder(other.path);
    const checked = await over(without.url);
    expect(checked.sentence).toBe("What could be checked is equal to the last bit. Not checked: candle files, features.");
    expect(outcomes(checked)).toMatchObject({ "feature file": "equal", forecasts: "equal", answer: "equal" });
    await without.close();
    other.remove();
  });

  test("are candles that were replaced and not kept; those that were kept are made again as they were published", async () => {
    const { key, sha256 } = served.manifest.symbols.HET.candles.objects.at(-1) as { key: string; sha256: string };
    const before = await served.store.get(key);
    const series = await decodeCandles(before?.bytes ?? new Uint8Array(), { key, symbol: "HET", interval: "1d" });
    const last = series.length - 1;
    const fetchedAt = series.fetchedAt.map((time) => time + 1);
    await upsertCandles(served.store, { ...series, fetchedAt, close: series.close.map((close, i) => (i === last ? close * 1.01 : close)) });
    const changed = await served.store.get(key);
    expect(changed?.bytes).not.toEqual(before?.bytes);
    expect((await check()).sentence).toBe("Equal to the last bit.");
    await served.store.delete(revisionKey(key));
    const checked = await check();
    expect(outcomes(checked)).toMatchObject({ "candle files": "unchecked", features: "unchecked", forecasts: "equal", answer: "equal" });
    expect(checked.steps.find(({ name }) => name === "candle files")?.note).toBe(`${key} is not there any more as it was published.`);
    expect(sha256).toHaveLength(64);
    await served.store.put(key, before?.bytes ?? new Uint8Array(), { ifMatch: changed?.etag ?? "" });
    expect((await check()).sentence).toBe("Equal to the last bit.");
  });

  test("is an answer that the server can't give at the moment", async () => {
    const failing: Fetch = async (url, options) =>
      url.includes("/objects/") ? new Response('{"detail":"Try again in 12 s."}', { status: 429 }) : fetch(url, options);
    await expect(check(failing)).rejects.toThrow("Try again in 12 s.");
  });
});

describe("an answer of an older manifest", () => {
  test("is checked against that, and the newest is named", async () => {
    const { HET } = served.manifest.symbols;
    const broken = { ...HET.features, key: HET.features.key.replace(/\w{64}/, "0".repeat(64)), sha256: "0".repeat(64) };
    const newer = await served.publish("2017-06-02T00:10:00.000Z", () => ({ HET: { ...HET, features: broken } }));
    const checked = await check();
    expect(checked.sentence).toBe("What could be checked is equal to the last bit. Not checked: newest.");
    expect(checked.steps.find(({ name }) => name === "newest")?.note).toContain(newer.version);
  });

  test("is checked anew where another one is served meanwhile", async () => {
    const { HET } = served.manifest.symbols;
    let published: Promise<unknown> | null = null;
    const interrupted: Fetch = async (url, options) => {
      if (url.endsWith("/pointer")) published ??= served.publish("2017-06-03T00:10:00.000Z", () => ({ HET }));
      await published;
      return fetch(url, options);
    };
    expect((await check(interrupted)).sentence).toBe("Equal to the last bit.");
  });
});
