import { tableFromArrays, tableToIPC } from "apache-arrow";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { decodeFeatures, encodeFeatures } from "../../storage/feature-files/feature-files.ts";

const values = (n: number) => fc.array(fc.double(), { minLength: n, maxLength: n }).map((list) => Float64Array.from(list));
const matrices: fc.Arbitrary<FeatureMatrix> = fc.integer({ min: 0, max: 30 }).chain((n) =>
  fc.uniqueArray(fc.stringMatching(/^[a-z_0-9]{1,12}$/), { maxLength: 6 }).chain((names) =>
    fc.record({
      symbol: fc.constantFrom("BTC", "HET"),
      interval: fc.constantFrom("1d" as const, "1h" as const),
      featureSet: fc.constant({ name: "daily", digest: "ab".repeat(32) }),
      openTime: values(n),
      close: values(n),
      volatility: values(n),
      names: fc.constant(names),
      columns: fc.tuple(...names.map(() => values(n))),
    }),
  ),
);

const matrix: FeatureMatrix = {
  symbol: "BTC",
  interval: "1d",
  featureSet: { name: "daily", digest: "cd" },
  openTime: Float64Array.of(1, 2, 3),
  close: Float64Array.of(10, 11, 12),
  volatility: Float64Array.of(Number.NaN, 0.1, 0.2),
  names: ["rsi", "close"],
  columns: [Float64Array.of(Number.NaN, Number.NaN, 0.5), Float64Array.of(-0, Number.POSITIVE_INFINITY, 5e-324)],
};

describe("a feature file", () => {
  test("gives back the matrix, NaN included", () => {
    fc.assert(
      fc.property(matrices, (given) => {
        const found = decodeFeatures(encodeFeatures(given));
        expect(found).toEqual(given);
        found.columns.forEach((column, i) => {
          expect(column.every((value, row) => Object.is(value, given.columns[i][row]))).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  test("keeps a feature apart from a leading column of the same name", () => {
    const found = decodeFeatures(encodeFeatures(matrix));
    expect([...found.close]).toEqual([10, 11, 12]);
    expect(found.columns[1]).toEqual(matrix.columns[1]);
  });

  test("has the same bytes for the same matrix", () => {
    expect(Buffer.from(encodeFeatures(matrix)).equals(Buffer.from(encodeFeatures(structuredClone(matrix))))).toBe(true);
  });

  test("is written from a view into a larger buffer, and read from one", () => {
    const wide = { ...matrix, close: Float64Array.of(9, 10, 11, 12, 13).subarray(1, 4) };
    const bytes = encodeFeatures(wide);
    const padded = new Uint8Array(bytes.length + 16);
    padded.set(bytes, 3);
    expect(decodeFeatures(padded.subarray(3, 3 + bytes.length))).toEqual(matrix);
  });

  test("that is cut off, of another format or empty is refused with a typed error", () => {
    const bytes = encodeFeatures(matrix);
    for (const damaged of [
      new Uint8Array(),
      new TextEncoder().encode("no arrow file"),
      bytes.subarray(0, 100),
      bytes.subarray(0, bytes.length - 40),
      bytes.subarray(8),
    ]) {
      expect(() => decodeFeatures(damaged)).toThrow(
        expect.toSatisfy((error) => error instanceof CorruptObjectError || error instanceof SchemaMismatchError),
      );
    }
  });

  test("of another schema is refused", () => {
    expect(() => decodeFeatures(tableToIPC(tableFromArrays({ x: Float64Array.of(1) }), "file"))).toThrow(SchemaMismatchError);
  });

  test("that is cut off anywhere is refused with a typed error", () => {
    const bytes = encodeFeatures(matrix);
    for (let length = 0; length < bytes.length; length += 7) {
      expect(() => decodeFeatures(bytes.subarray(0, length))).toThrow(
        expect.toSatisfy((error) => ["CorruptObject", "SchemaMismatch"].includes(error.name)),
      );
    }
  });

  test("of an unknown interval is of another schema", () => {
    const bytes = encodeFeatures(matrix);
    const at = Buffer.from(bytes).lastIndexOf("1d");
    for (let i = Buffer.from(bytes).indexOf("1d"); i >= 0 && i <= at; i = Buffer.from(bytes).indexOf("1d", i + 1)) bytes[i] = 57;
    expect(() => decodeFeatures(bytes)).toThrow(SchemaMismatchError);
  });
});
