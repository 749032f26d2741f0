// First, because it teaches zod what schemas say of themselves in the OpenAPI document.
import "../../api/app.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CheckedSymbol, checkSymbol } from "../../api/browser/check-symbol.ts";
import type { Fetch } from "../../api/browser/get-bytes.ts";
import { createRandom } from "../../core/random.ts";
import { type CheckableFolder, serveCheckable } from "./checkable-folder.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

const folder = makeTemporaryFolder();
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
