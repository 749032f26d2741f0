import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { updateOutcomes } from "../../core/scoring/update-outcomes.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { readForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { scoreOutcomes } from "../../storage/prediction-files/outcome-store.ts";
import { keptForecast, onDay } from "../scoring/kept-forecast.ts";
import { publishDay } from "../scoring/publish-rows.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const script = resolve(import.meta.dirname, "../../scripts/read-predictions.py");
const found: { python: string; why: string } = await (async () => {
  const { getPython } = (await import(new URL("../../scripts/python-venv.mjs", import.meta.url).href)) as { getPython(): Promise<string> };
  return getPython().then(
    (python) => ({ python, why: "" }),
    (error: Error) => ({ python: "", why: error.message }),
  );
})();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const snake = (row: object) =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replace(/[A-Z]+/g, (part) => `_${part.toLowerCase()}`), value]));
const inOrder = (rows: object[]) =>
  rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))))).sort();

const title = "pyarrow, pandas, Polars and DuckDB read kept forecasts and outcomes without options, each value equal, null where unknown";
test.skipIf(found.why !== "")(found.why ? `${title} (skipped: no Python with them can be had: ${found.why})` : title, async () => {
  const store = createFileStore(folder.path);
  const manifests = [await publishDay(store, 213), await publishDay(store, 214)];
  const forecasts = (await Promise.all(manifests.map(({ forecasts: ref }) => (ref ? readForecasts(store, ref) : [])))).flat();
  // Names that readers take for numbers or nothing.
  const symbols = ["BTC", "42", "NAN"];
  const outcomes = [];
  for (const symbol of symbols) {
    for (const [day, period] of [
      [213, "year=2020"],
      [214, "year=2021"],
    ] as const) {
      const own = [
        onDay(day, keptForecast({ symbol, logReturn: 0.1 + 0.2 })),
        onDay(day, keptForecast({ symbol, model: "random_forest", withheldReasons: "novel_input", logReturn: null, lower: null })),
      ];
      const candleAt = () => (day === 213 ? { close: 1 / 3, fetchedAt: 7, source: "kraken" } : null);
      await scoreOutcomes(store, { interval: "1d", symbol, period }, { forecasts: own, candleAt, now: 9 });
      outcomes.push(...updateOutcomes([], { forecasts: own, candleAt, now: 9 }).outcomes);
    }
  }
  const { stdout } = await promisify(execFile)(found.python, [script, folder.path], { maxBuffer: 1 << 28 });
  const read = JSON.parse(stdout) as { forecasts: object[]; outcomes: object[] };
  expect(inOrder(read.forecasts)).toEqual(inOrder(forecasts.map(snake)));
  expect(inOrder(read.outcomes)).toEqual(inOrder(outcomes.map(({ interval: _, ...row }) => snake(row))));
  expect(read.outcomes).toHaveLength(12);
});
