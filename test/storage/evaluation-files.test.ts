import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EvaluationRows, EvaluationTable } from "../../core/evaluation/evaluation-table.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { encodeEvaluation, evaluationParts, predictionParts } from "../../storage/evaluation-files/evaluation-files.ts";
import { ROW_GROUP, writeParquet } from "../../storage/parquet/parquet.ts";

const tables: fc.Arbitrary<EvaluationTable> = fc.integer({ min: 0, max: 40 }).chain((n) => {
  const list = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: n, maxLength: n });
  const doubles = list(fc.double()).map((values) => Float64Array.from(values));
  return fc.record({
    symbol: list(fc.constantFrom("BTC", "ETH")),
    openTime: list(fc.integer({ min: 0, max: 4e12 })).map((values) => Float64Array.from(values)),
    fold: list(fc.integer({ min: 0, max: 100 })).map((values) => Int32Array.from(values)),
    model: list(fc.constantFrom("random_forest", "ensemble")),
    scope: list(fc.constantFrom("pooled", "coin")),
    prediction: doubles,
    lower: doubles,
    upper: doubles,
    actual: doubles,
    baseline: doubles,
  });
});

function rowsOf(table: EvaluationTable): EvaluationRows {
  return {
    length: table.openTime.length,
    part: (from, to) => Object.fromEntries(Object.entries(table).map(([name, column]) => [name, column.slice(from, to)])) as never,
  };
}

async function decode(bytes: Uint8Array): Promise<EvaluationTable[]> {
  const parts = [];
  for await (const part of evaluationParts(bytes)) parts.push(part);
  return parts;
}

describe("an evaluation file", () => {
  test("gives back every prediction, with NaN where there is none", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        expect(await decode(await encodeEvaluation(rowsOf(table)))).toEqual(table.openTime.length > 0 ? [table] : []);
      }),
      { numRuns: 40 },
    );
  });

  test("is read without what only the assessment knows, too", async () => {
    const [table] = fc.sample(tables, { numRuns: 20, seed: 2 }).filter(({ openTime }) => openTime.length > 0);
    const { symbol, openTime, fold, prediction } = table;
    const parts = [];
    for await (const part of predictionParts(await encodeEvaluation(rowsOf(table)))) parts.push(part);
    expect(parts).toEqual([{ symbol, openTime, fold, prediction }]);
  });

  test("of many rows is written and read part by part", async () => {
    const n = 2 * ROW_GROUP + 5;
    const column = Float64Array.from({ length: n }, (_, i) => i / 7);
    const text = (values: readonly string[]) => Array.from({ length: n }, (_, i) => values[Math.floor(i / 1_000) % values.length]);
    const table: EvaluationTable = {
      symbol: text(["BTC", "ETH", "ADA"]),
      openTime: column.map(Math.floor),
      fold: Int32Array.from(column),
      model: text(["random_forest", "ensemble"]),
      scope: text(["pooled"]),
      prediction: column,
      lower: column.map((value) => (value % 2 < 1 ? Number.NaN : value)),
      upper: column,
      actual: column,
      baseline: column,
    };
    let most = 0;
    const { part } = rowsOf(table);
    const bytes = await encodeEvaluation({
      length: n,
      part(from, to) {
        most = Math.max(most, to - from);
        return part(from, to);
      },
    });
    expect(most).toBe(ROW_GROUP);
    const parts = await decode(bytes);
    expect(parts.map(({ symbol }) => symbol.length)).toEqual([ROW_GROUP, ROW_GROUP, 5]);
    expect(parts.flatMap(({ symbol }) => symbol)).toEqual(table.symbol);
    expect(parts.flatMap(({ lower }) => [...lower])).toEqual([...table.lower]);
    expect(parts.flatMap(({ openTime }) => [...openTime])).toEqual([...table.openTime]);
  });

  test("that is cut off or of another schema is refused", async () => {
    const bytes = await encodeEvaluation(rowsOf(fc.sample(tables, { numRuns: 1, seed: 1 })[0]));
    await expect(decode(bytes.subarray(0, bytes.length - 6))).rejects.toThrow(CorruptObjectError);
    await expect(decode(new Uint8Array())).rejects.toThrow(CorruptObjectError);
    await expect(decode(writeParquet([{ name: "symbol", type: "string", nullable: false, data: ["BTC"] }]))).rejects.toThrow(
      SchemaMismatchError,
    );
  });
});
