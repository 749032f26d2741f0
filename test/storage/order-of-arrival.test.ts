import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { importFile } from "../../activities/import/import-file.ts";
import { inspectFile } from "../../activities/import/inspect-file.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { candle, START, series } from "../candles/series.ts";
import { IMPORT_CLOCK, importDependencies, stepRun } from "../sources/import.ts";

async function bytesOf(store: ObjectStore): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { key } of store.list("")) found[key] = Buffer.from((await store.get(key))?.bytes ?? []).toString("base64");
  return found;
}

/** Pages of a few days, fetched at few times, so that many meet; values of a fetch say more than those before it. */
const page = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 4 }),
  fetch: fc.integer({ min: 0, max: 2 }),
  version: fc.integer({ min: 0, max: 2 }),
});

test("any order in which pages arrive ends in the same bytes: 1,000 permutations", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .array(page, { minLength: 2, maxLength: 5 })
        .chain((pages) => fc.tuple(fc.constant(pages), fc.shuffledSubarray(pages, { minLength: pages.length }))),
      async ([pages, shuffled]) => {
        const merged = async (list: typeof pages) => {
          const store = createMemoryStore();
          for (const { days, fetch, version } of list) {
            const rows = days
              .sort((a, b) => a - b)
              .map((day) => candle(day, { close: 10 + 3 * fetch + version, volume: 5 + version, fetchedAt: START + fetch }));
            await upsertCandles(store, series(rows));
          }
          return bytesOf(store);
        };
        expect(await merged(shuffled)).toEqual(await merged(pages));
      },
    ),
    { numRuns: 1_000 },
  );
});

test("files of one import that differ end in the same bytes, whichever is stored first, and the conflicts are counted", async () => {
  const folder = await mkdtemp(join(tmpdir(), "candlecast-order-"));
  try {
    const file = async (name: string, close: number) => {
      const rows = ["2024-03-01", "2024-03-02"].map((day) => `BTC,${day},100,120,90,${close},5`);
      const path = join(folder, name);
      await writeFile(path, ["symbol,time,open,high,low,close,volume", ...rows].join("\n"));
      return path;
    };
    const files = [await file("a.csv", 111), await file("b.csv", 109)];
    const take = async (order: readonly number[]) => {
      const store = createMemoryStore();
      const deps = importDependencies(store);
      const counts = [];
      for (const at of order) {
        const input = { file: files[at], startedAt: new Date(IMPORT_CLOCK).toISOString(), filesAfter: files.length - 1 - at };
        counts.push((await importFile(deps, await inspectFile(deps, input), stepRun())).counts);
      }
      return { bytes: await bytesOf(store), counts };
    };
    const [forth, back] = [await take([0, 1]), await take([1, 0])];
    expect(forth.bytes).toEqual(back.bytes);
    expect(forth.counts[1]).toMatchObject({ added: 0, revised: 2 });
    expect(back.counts[1]).toMatchObject({ added: 0, revised: 0, dropped: { outdated: 2 } });
  } finally {
    await rm(folder, { recursive: true });
  }
});
