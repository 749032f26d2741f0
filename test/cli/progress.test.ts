import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backfillChanges, backfillLines } from "../../cli/progress/backfill-lines.ts";
import { formatAge, formatDuration } from "../../cli/progress/duration.ts";
import { importChanges, importLines } from "../../cli/progress/import-lines.ts";
import { LiveBlock } from "../../cli/progress/live-block.ts";
import { pipelineChanges } from "../../cli/progress/pipeline-changes.ts";
import { pipelineLines } from "../../cli/progress/pipeline-lines.ts";
import type { BackfillView, ImportView, PipelineView } from "../../cli/progress/run-view.ts";
import { timeLeft } from "../../cli/progress/time-left.ts";
import { trainingWork } from "../../cli/progress/training-work.ts";
import type { BackfillProgress, PipelineProgress } from "../../workflows/contract.ts";

const entry = { stage: "waiting", rows: 0, requests: 0, source: null, error: null } as const;
const progress: PipelineProgress = {
  stage: "ingest",
  startedAt: "2020-12-31T12:00:00.000Z",
  symbols: { BTC: { ...entry, stage: "ingest", rows: 2000, requests: 2, source: "binance" }, ETH: entry },
  trainings: [],
  manifest: null,
};
const view = (change: Partial<PipelineProgress>, rest: Partial<PipelineView> = {}): PipelineView => ({
  progress: { ...progress, ...change },
  beats: [],
  retries: [],
  work: [],
  elapsedMs: 12_000,
  ...rest,
});

describe("duration", () => {
  it("is shown in a fitting unit", () => {
    expect([400, 8_000, 125_000, 4_020_000].map(formatDuration)).toEqual(["0 s", "8 s", "2 min 05 s", "1 h 07 min"]);
    expect([5_000, 300_000, 10_800_000, 3 * 86_400_000].map(formatAge)).toEqual(["less than a minute", "5 min", "3 h", "3 days"]);
  });
});

describe("time left", () => {
  it("is unknown before anything was done, and shortly after the start", () => {
    expect(timeLeft([])).toBeNull();
    expect(
      timeLeft([
        { at: 0, done: 0, total: 10 },
        { at: 60_000, done: 0, total: 10 },
      ]),
    ).toBeNull();
    expect(
      timeLeft([
        { at: 0, done: 0, total: 10 },
        { at: 500, done: 5, total: 10 },
      ]),
    ).toBeNull();
  });

  it("is the remaining work at the pace so far", () => {
    const steady = fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2_000, max: 1e6 }));
    fc.assert(
      fc.property(steady, ([done, rest, elapsed]) => {
        const left = timeLeft([
          { at: 0, done: 0, total: done + rest },
          { at: elapsed, done, total: done + rest },
        ]);
        expect(left).toBeCloseTo((rest * elapsed) / done, 6);
      }),
    );
  });

  it("starts again when the total changes", () => {
    expect(
      timeLeft([
        { at: 0, done: 0, total: 5 },
        { at: 10_000, done: 5, total: 20 },
      ]),
    ).toBeNull();
  });
});

describe("training work", () => {
  const trainings = [
    { label: "pooled/real random_forest", status: "running" },
    { label: "pooled/real linear_regression", status: "done" },
    { label: "pooled/simulated random_forest", status: "reused" },
    { label: "pooled/real gradient_boosting", status: "waiting" },
  ] as const;

  it("is unknown until a training has reported its folds", () => {
    expect(trainingWork(trainings, [])).toBeNull();
  });

  it("counts finished trainings in full, and leaves out reused ones", () => {
    expect(trainingWork(trainings, [{ label: "pooled/real random_forest", done: 2, total: 6 }])).toEqual({ done: 8, total: 18 });
  });
});

describe("progress of a pipeline run on a terminal", () => {
  it("shows rows and requests per symbol, and why a symbol failed", () => {
    const lines = pipelineLines(
      view({ symbols: { ...progress.symbols, XRP: { ...entry, stage: "failed", error: "XRP: unknown to binance" } } }),
    );
    expect(lines[0]).toContain("12 s");
    expect(lines[1]).toMatch(/BTC +ingest +2000 rows, 2 requests, binance/);
    expect(lines[3]).toMatch(/XRP +failed +unknown to binance/);
  });

  it("shows trained folds and the time left during training", () => {
    const trainings = [{ label: "pooled/real random_forest", status: "running" }] as const;
    const beats = [{ label: "pooled/real random_forest", done: 3, total: 7 }];
    const work = [
      { at: 0, done: 1, total: 7 },
      { at: 20_000, done: 3, total: 7 },
    ];
    const lines = pipelineLines(view({ stage: "training", trainings }, { beats, work }));
    expect(lines[0]).toContain("about 40 s left");
    expect(lines.at(-1)).toMatch(/random_forest +█+░+ 3 of 6 folds trained/);
  });

  it("says that it waits for a worker until the run answers", () => {
    expect(pipelineLines({ ...view({}), progress: null })).toEqual(["waiting for a worker · 12 s"]);
  });
});

describe("progress of a pipeline run in a log", () => {
  it("has each change once", () => {
    const first = view({});
    expect(pipelineChanges(null, first)).toEqual(["BTC: ingest, 2000 rows, from binance"]);
    expect(pipelineChanges(first, first)).toEqual([]);
    const ready = view({ symbols: { ...progress.symbols, BTC: { ...progress.symbols.BTC, stage: "ready", rows: 3814 } } });
    expect(pipelineChanges(first, ready)).toEqual(["BTC: ready, 3814 rows, from binance"]);
  });

  it("has a line for each quarter of a training", () => {
    const trainings = [{ label: "pooled/real random_forest", status: "running" }] as const;
    const at = (done: number) => view({ stage: "training", trainings }, { beats: [{ label: trainings[0].label, done, total: 8 }] });
    expect(pipelineChanges(at(0), at(1))).toEqual([]);
    expect(pipelineChanges(at(1), at(2))).toEqual(["pooled/real random_forest: 2 of 7 folds trained"]);
    expect(pipelineChanges(at(2), at(7))).toEqual(["pooled/real random_forest: 7 folds trained, final fit"]);
  });

  it("has one line for a step that is retried, and another one if the reason changes", () => {
    const retry = (attempt: number, reason = "binance, BTC 1d: HTTP 503") =>
      view({}, { retries: [{ step: "fetchPage", attempt, reason }] });
    expect(pipelineChanges(null, retry(2))).toContain("fetchPage, attempt 2: binance, BTC 1d: HTTP 503");
    expect(pipelineChanges(retry(2), retry(3))).toEqual([]);
    expect(pipelineChanges(retry(2), retry(3, "binance, BTC 1d: cut"))).toEqual(["fetchPage, attempt 3: binance, BTC 1d: cut"]);
  });

  it("has one line for an unreachable source, however many coins it affects", () => {
    const offline = (source: string, attempt: number, ...symbols: string[]) =>
      symbols.map((symbol) => ({ step: "fetchPage", attempt, reason: `${source}, ${symbol} 1d: can't be reached` }));
    const one = view({}, { retries: offline("binance", 2, "BTC") });
    const six = view({}, { retries: [...offline("binance", 2, "BTC", "ETH"), ...offline("binance", 3, "LTC")] });
    const next = view({}, { retries: [...offline("binance", 4, "ETH"), ...offline("kraken", 2, "BTC", "LTC")] });
    expect(pipelineChanges(one, six)).toEqual([]);
    expect(pipelineChanges(six, next)).toEqual(["fetchPage, attempt 2: kraken, BTC 1d: can't be reached (and 1 more like it)"]);
    expect(pipelineLines(six).at(-1)).toBe("  fetchPage, attempt 3: binance, LTC 1d: can't be reached (and 2 more like it)");
  });
});

describe("progress of a backfill", () => {
  const backfill: BackfillProgress = {
    paused: false,
    parallelism: 4,
    windows: 4,
    done: 1,
    added: 500,
    revised: 2,
    failed: [],
    failedWindows: 0,
    needs: { missing: 2_000, stale: 0, failed: 0 },
    bySymbol: { BTC: { windows: 4, done: 1 } },
  };
  const at = (change: Partial<BackfillProgress>): BackfillView => ({
    progress: { ...backfill, ...change },
    beats: [],
    retries: [],
    work: [],
    elapsedMs: 0,
  });

  it("shows windows per symbol, and whether it is paused", () => {
    expect(backfillLines(at({ paused: true })).join("\n")).toMatch(
      /paused, 1 of 4 windows, 500 candles added, 2 revised[\s\S]*BTC +█+░+ 1 of 4 windows/,
    );
  });

  it("reports windows, pauses and failures as they happen", () => {
    expect(backfillChanges(at({}), at({ done: 2, added: 900 }))).toEqual(["2 of 4 windows, 900 candles added"]);
    expect(backfillChanges(at({}), at({ paused: true }))).toEqual(["paused"]);
    expect(backfillChanges(at({}), at({ failed: [{ symbol: "BTC", error: "BTC from 2018-01-01: down" }] }))).toEqual([
      "failed: BTC from 2018-01-01: down",
    ]);
  });
});

describe("live block", () => {
  it("is redrawn in place and never wraps", () => {
    const written: string[] = [];
    const block = new LiveBlock({ write: (text) => written.push(text), columns: 10, rows: 4 });
    block.draw(["one", "two"]);
    block.draw(["a line that is far too long", "2", "3", "4", "5"]);
    expect(written[0]).toBe("one\ntwo\n");
    expect(written[1].startsWith("\u001b[2A\u001b[0J")).toBe(true);
    const lines = written[1].replace("\u001b[2A\u001b[0J", "").trimEnd().split("\n");
    expect(lines).toEqual(["a line t…", "2", "  … 3 mo…"]);
  });
});

describe("progress of an import", () => {
  it("reports files as they are done, and a store that fails", () => {
    const progress = { files: 2, done: 0, failed: 0, added: 0 };
    const at = (change: Partial<ImportView>): ImportView => ({
      progress,
      beats: [],
      retries: [],
      work: [],
      elapsedMs: 0,
      ...change,
    });
    const retries = [{ step: "importFile", attempt: 2, reason: "data/x in s3://b: the store can't be reached" }];
    expect(importChanges(null, at({}))).toEqual(["0 of 2 files, 0 candles added"]);
    expect(importChanges(at({}), at({ retries }))).toEqual(["importFile, attempt 2: data/x in s3://b: the store can't be reached"]);
    expect(importLines(at({ retries })).at(-1)).toMatch(/^ {2}importFile, attempt 2/);
  });
});
