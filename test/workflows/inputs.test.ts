import { ApplicationFailure } from "@temporalio/workflow";
import { describe, expect, test } from "vitest";
import { checkBackfillInput, checkParallelism } from "../../workflows/inputs/backfill-input.ts";
import { checkImportInput } from "../../workflows/inputs/import-input.ts";
import { checkPipelineInput } from "../../workflows/inputs/pipeline-input.ts";
import { checkRetentionInput } from "../../workflows/inputs/retention-input.ts";
import { checkScoreInput } from "../../workflows/inputs/score-input.ts";

function refusal(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: "InvalidInput", nonRetryable: true });
    return (error as Error).message;
  }
  throw new Error("it was not refused");
}

const TIME = "an ISO 8601 date or time with a zone, like 2020-12-31 or 2020-12-31T12:00:00Z";
const SELECTOR = "1 to 15 letters or digits each, or top:N with N up to 10000";

describe("the input of a pipeline", () => {
  test("may be missing or empty", () => {
    expect([checkPipelineInput(undefined), checkPipelineInput({})]).toEqual([{}, {}]);
  });

  test("passes with symbols in upper case, each once", () => {
    const input = {
      interval: "1h",
      asOf: "2020-12-31T12:00:00+01:00",
      horizon: 365,
      scope: "both",
      source: "auto",
      parallelism: 64,
      trigger: "x",
    };
    expect(checkPipelineInput({ ...input, symbols: ["btc", "BTC", "top:5"] })).toEqual({ ...input, symbols: ["BTC", "TOP:5"] });
  });

  test.each([
    [{ horizon: 0 }, "horizon is 0, but should be a whole number from 1 to 365"],
    [{ horizon: 1.5 }, "horizon is 1.5, but should be a whole number from 1 to 365"],
    [{ horizon: "7" }, 'horizon is "7", but should be a whole number from 1 to 365'],
    [{ horizon: null }, "horizon is null, but should be a whole number from 1 to 365"],
    [{ parallelism: 65 }, "parallelism is 65, but should be a whole number from 1 to 64"],
    [{ interval: "7d" }, 'interval is "7d", but should be one of 1d, 1h, 1m'],
    [{ scope: "all" }, 'scope is "all", but should be one of pooled, coin, both'],
    [{ asOf: "yesterday" }, `asOf is "yesterday", but should be ${TIME}`],
    [{ asOf: "2020-12-31T12:00" }, `asOf is "2020-12-31T12:00", but should be ${TIME}`],
    [{ asOf: "2020-13-31" }, `asOf is "2020-13-31", but should be ${TIME}`],
    [{ symbols: "BTC" }, 'symbols is "BTC", but should be a list of symbols like ["BTC"]'],
    [{ symbols: [] }, 'symbols is [], but should be a list of symbols like ["BTC"]'],
    [{ symbols: ["BTC", "$X"] }, `symbols is "$X", but should be ${SELECTOR}`],
    [{ symbols: ["BTC", 7] }, `symbols is 7, but should be ${SELECTOR}`],
    [{ symbols: ["top:10001"] }, `symbols is "top:10001", but should be ${SELECTOR}`],
    [{ source: "" }, 'source is "", but should be a text of at most 100 characters'],
    [{ trigger: 7 }, "trigger is 7, but should be a text of at most 100 characters"],
    [
      { symbol: "BTC" },
      "symbol is not a field of pipeline; its fields are symbols, interval, asOf, horizon, scope, source, parallelism, trigger",
    ],
    ["BTC", 'input is "BTC", but should be an object'],
    [["BTC"], 'input is ["BTC"], but should be an object'],
  ])("%j is refused", (input, message) => {
    expect(refusal(() => checkPipelineInput(input))).toBe(message);
  });

  test("is refused with more than 10,000 symbols, and shown only in part", () => {
    const symbols = Array.from({ length: 10_001 }, (_, i) => `C${i}`);
    expect(refusal(() => checkPipelineInput({ symbols }))).toMatch(
      /^symbols is \["C0",.{60,80}, but should be a list of at most 10000 symbols$/,
    );
  });
});

describe("the input of a backfill", () => {
  test("passes in its normal form", () => {
    const input = { interval: "1m", from: "2020-01-01", to: "2020-01-02", staleBefore: "2026-01-01", parallelism: 1, windowCandles: 1000 };
    expect(checkBackfillInput({ ...input, symbols: ["btc"] })).toEqual({ ...input, symbols: ["BTC"] });
  });

  test.each([
    [undefined, 'symbols is missing, but should be a list of symbols like ["BTC"]'],
    [{ symbols: ["BTC"], windowCandles: 1001 }, "windowCandles is 1001, but should be a whole number from 1 to 1000"],
    [{ symbols: ["BTC"], from: "2020-01-02", to: "2020-01-02" }, 'from is "2020-01-02", but should be before to (2020-01-02)'],
    [{ symbols: ["BTC"], staleBefore: 7 }, `staleBefore is 7, but should be ${TIME}`],
    [{ symbols: ["BTC"], carried: {} }, /^carried is not a field of backfill; its fields are symbols, interval, from, to, /],
  ])("%j is refused", (input, message) => {
    expect(refusal(() => checkBackfillInput(input))).toMatch(message);
  });

  test.each([0, 65, 1.5, "4", undefined])("can't be given %j as another parallelism", (value) => {
    expect(refusal(() => checkParallelism(value))).toMatch(/^parallelism is .*, but should be a whole number from 1 to 64$/);
  });
});

describe("the input of an import", () => {
  test("passes with the symbol in upper case", () => {
    const input = { files: ["a.csv"], interval: "1d", source: "my-archive:1", dateOrder: "dmy", asOf: "2025-07-29" };
    expect(checkImportInput({ ...input, symbol: "btc" })).toEqual({ ...input, symbol: "BTC" });
  });

  test.each([
    [{}, "files is missing, but should be a list of paths"],
    [{ files: [] }, "files is [], but should be a list of paths"],
    [{ files: ["a", ""] }, 'files is "", but should be a list of paths'],
    [{ files: ["a"], symbol: "B-C" }, 'symbol is "B-C", but should be 1 to 15 letters or digits'],
    [{ files: ["a"], dateOrder: "ymd" }, 'dateOrder is "ymd", but should be dmy or mdy'],
    [{ files: ["a"], source: "a b" }, 'source is "a b", but should be 1 to 60 letters, digits, or any of : . - _'],
    [
      { files: ["a"], file: "b" },
      "file is not a field of importCandles; its fields are files, symbol, interval, source, dateOrder, volume, asOf",
    ],
  ])("%j is refused", (input, message) => {
    expect(refusal(() => checkImportInput(input))).toBe(message);
  });

  test.each([
    ["paths", Array.from({ length: 301 }, (_, i) => `${i}`)],
    ["characters", ["x".repeat(40_001)]],
  ])("is refused with too many %s", (_, files) => {
    expect(refusal(() => checkImportInput({ files }))).toMatch(/, but should be at most 300 paths with 40000 characters in total$/);
  });
});

describe("the input of a retention", () => {
  test("may be missing, and passes as it is", () => {
    expect(checkRetentionInput(undefined)).toEqual({});
    const input = { keep: 1, days: 0.5, graceDays: 2, delete: true };
    expect(checkRetentionInput(input)).toEqual(input);
  });

  test.each([
    [{ delete: "yes" }, 'delete is "yes", but should be true or false'],
    [{ keep: "30" }, 'keep is "30", but should be a number'],
    [{ dryRun: true }, "dryRun is not a field of retention; its fields are keep, days, graceDays, delete"],
  ])("%j is refused", (input, message) => {
    expect(refusal(() => checkRetentionInput(input))).toBe(message);
  });
});

describe("the input of a scoring", () => {
  test("may be missing, and passes as it is", () => {
    expect(checkScoreInput(undefined)).toEqual({});
    expect(checkScoreInput({ all: true })).toEqual({ all: true });
  });

  test.each([
    [{ all: 1 }, "all is 1, but should be true or false"],
    [{ since: "2020" }, "since is not a field of score; its fields are all"],
  ])("%j is refused", (input, message) => {
    expect(refusal(() => checkScoreInput(input))).toBe(message);
  });
});
