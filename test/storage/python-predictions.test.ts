import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { liveSkill } from "../../core/scoring/live-skill.ts";
import type { Outcome } from "../../core/scoring/outcome.ts";
import { updateOutcomes } from "../../core/scoring/update-outcomes.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { readForecasts } from "../../storage/prediction-files/forecast-store.ts";
import { readOutcomes, scoreOutcomes } from "../../storage/prediction-files/outcome-store.ts";
import { DAY, FIRST_DAY, keptForecast, onDay } from "../scoring/kept-forecast.ts";
import { publishDay } from "../scoring/publish-rows.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { findPython } from "./find-python.ts";

const script = resolve(import.meta.dirname, "../../scripts/read-predictions.py");
const found = await findPython();

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(async () => {
  folder = temporaryFolder();
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

const queryTitle = "the query of docs/data.md gives the live skill and coverage that the code gives";
test.skipIf(found.why !== "")(found.why ? `${queryTitle} (skipped: ${found.why})` : queryTitle, async () => {
  const store = createFileStore(folder.path);
  const all: Outcome[] = [];
  for (const [symbol, base] of [
    ["BTC", 100],
    ["ETH", 90],
  ] as const) {
    const forecasts = Array.from({ length: 12 }, (_, day) => onDay(day, keptForecast({ symbol, logReturn: (day - 5) / 100 }))).flatMap(
      (row) => [
        row,
        // Another one for the same candle, later the same day, and one after it has closed.
        { ...row, manifest: "20200701T000000Z-00000000", publishedAt: row.publishedAt + 3_600_000, logReturn: 0.05 },
        { ...row, model: "random_forest" as const, publishedAt: row.targetCloseTime, served: false },
        { ...row, model: "no_change" as const, scope: null, logReturn: 0, served: false },
        { ...row, model: "linear_regression" as const, withheldReasons: "novel_input", logReturn: null, served: false },
      ],
    );
    const place = { interval: "1d", symbol, period: "year=2020" } as const;
    const update = (shift: number, known: readonly Outcome[]) => ({
      forecasts: known.length > 0 ? [] : forecasts,
      candleAt: (openTime: number) =>
        openTime === FIRST_DAY
          ? null
          : { close: base + ((openTime / DAY) % 9) + (openTime === FIRST_DAY + 2 * DAY ? shift : 0), fetchedAt: 7, source: "kraken" },
      now: 9,
    });
    for (const shift of [0, 5]) {
      const known = await readOutcomes(store, place);
      await scoreOutcomes(store, place, update(shift, known));
    }
    all.push(...(await readOutcomes(store, place)));
  }
  const docs = await readFile(resolve(import.meta.dirname, "../../docs/data.md"), "utf8");
  const [, query] = /```sql\n([^]*?)```/.exec(docs) ?? [];
  const program = "import duckdb, json, sys; print(json.dumps(duckdb.sql(sys.argv[1]).fetchall()))";
  const { stdout } = await promisify(execFile)(found.python, ["-c", program, query], { cwd: folder.path });
  const expected = liveSkill(all)
    .filter(({ task, model, n }) => task === "regression" && model !== "served" && n > 0)
    .map((row) => [row.interval, row.horizon, row.model, row.scope, row.n, row.skill, row.coverage, row.nominalCoverage]);
  const rounded = (rows: unknown[][]) =>
    rows.map((row) => row.map((value) => (typeof value === "number" ? value.toFixed(9) : value))).sort();
  expect(expected.map(([, , model]) => model).sort()).toEqual(["ensemble", "no_change"]);
  expect(all.some(({ scoring }) => scoring === 2)).toBe(true);
  expect(rounded(JSON.parse(stdout) as unknown[][])).toEqual(rounded(expected));
});
