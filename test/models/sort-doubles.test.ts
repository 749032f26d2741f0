import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DoubleSorter } from "../../core/models/trees/sort-doubles.ts";
import { createRandom } from "../../core/random.ts";

function expectSorted(values: readonly number[]): void {
  const given = Float64Array.from(values);
  new DoubleSorter(given.length).sort(given, given.length);
  expect(given).toEqual(Float64Array.from(values).sort());
}

describe("doubles are sorted as the engine sorts them", () => {
  test("of every kind, infinite ones and both zeros among them", () => {
    fc.assert(fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 256, maxLength: 600 }), expectSorted), { numRuns: 50 });
  });

  test("that differ in their lower bits only", () => {
    const random = createRandom(1);
    expectSorted(Array.from({ length: 5_000 }, () => 1e6 + random.next() * 1e-4));
  });

  test("up to the count that is given", () => {
    const random = createRandom(2);
    const values = Float64Array.from({ length: 1_000 }, () => random.normal());
    const sorted = values.slice();
    new DoubleSorter(1_000).sort(sorted, 700);
    expect(sorted.subarray(0, 700)).toEqual(values.slice(0, 700).sort());
    expect(sorted.subarray(700)).toEqual(values.slice(700));
  });
});
