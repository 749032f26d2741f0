import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EvaluationTable } from "../../core/evaluation/evaluation-table.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { decodeEvaluation, encodeEvaluation } from "../../storage/evaluation-files/evaluation-files.ts";
import { writeParquet } from "../../storage/parquet/parquet.ts";

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

describe("an evaluation file", () => {
  test("gives back every prediction, with NaN where there is none", async () => {
    await fc.assert(
      fc.asyncProperty(tables, async (table) => {
        expect(await decodeEvaluation(encodeEvaluation(table))).toEqual(table);
      }),
      { numRuns: 40 },
    );
  });

  test("that is cut off or of another schema is refused", async () => {
    const bytes = encodeEvaluation(fc.sample(tables, { numRuns: 1, seed: 1 })[0]);
    await expect(decodeEvaluation(bytes.subarray(0, bytes.length - 6))).rejects.toThrow(CorruptObjectError);
    await expect(decodeEvaluation(new Uint8Array())).rejects.toThrow(CorruptObjectError);
    await expect(decodeEvaluation(writeParquet([{ name: "symbol", type: "string", nullable: false, data: ["BTC"] }]))).rejects.toThrow(
      SchemaMismatchError,
    );
  });
});
