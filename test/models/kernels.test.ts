import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addGram } from "../../core/models/linear/gram.ts";
import { type BinnedMatrix, MISSING_BIN } from "../../core/models/trees/binning.ts";
import { HistogramBuilder, STRIDE } from "../../core/models/trees/histogram.ts";
import { PackedRows, type Packing, type TreeRows } from "../../core/models/trees/packed-sums.ts";
import { RowPartition } from "../../core/models/trees/row-partition.ts";
import { SMALL_NODE_ROWS, SmallNodeSearch } from "../../core/models/trees/small-node.ts";
import { SplitSearch } from "../../core/models/trees/split.ts";

// Each kernel is compared with a naive twin: the same result, written as it would be if speed did not matter.

interface Node {
  readonly matrix: BinnedMatrix;
  readonly rows: TreeRows;
  /** numbers of the features to look at, ascending */
  readonly features: Int32Array;
  /** the node's part of `rows.order` */
  readonly from: number;
  readonly to: number;
}

const bin = fc.oneof(fc.nat(5), fc.nat(MISSING_BIN - 1), fc.constant(MISSING_BIN - 1), fc.constant(MISSING_BIN));

const node: fc.Arbitrary<Node> = fc
  .record({ rows: fc.integer({ min: 2, max: SMALL_NODE_ROWS }), width: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, width }) => {
    const perRow = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: rows, maxLength: rows });
    const weights = fc.constantFrom(fc.constant(1), fc.integer({ min: 1, max: 4 }), fc.double({ min: 0.1, max: 3, noNaN: true }));
    return fc.record({
      columns: fc.array(perRow(bin), { minLength: width, maxLength: width }),
      target: perRow(fc.double({ min: -5, max: 5, noNaN: true })),
      weight: weights.chain((weight) => perRow<number>(weight)),
      order: fc.shuffledSubarray([...Array(rows).keys()], { minLength: 2 }),
      features: fc.subarray([...Array(width).keys()], { minLength: 1 }),
      cut: fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
    });
  })
  .map(({ columns, target, weight, order, features, cut }) => {
    const [from, to] = cut.map((part) => Math.round(part * order.length)).sort((a, b) => a - b);
    return {
      matrix: { rows: target.length, bins: columns.map((column) => Uint8Array.from(column)), thresholds: [] },
      rows: { order: Int32Array.from(order), target: Float64Array.from(target), weight: Float64Array.from(weight) },
      features: Int32Array.from(features),
      from,
      to,
    };
  });

function packed({ matrix, rows }: Node, centred = false): { packing: Packing; values: PackedRows } {
  const values = new PackedRows(matrix.rows);
  return { packing: values.pack(rows, centred), values };
}

/** A packed sum as the weight in units, and the targets' sum in steps. */
function unpack(sum: number, factor: number): { units: number; steps: number } {
  const units = Math.round(sum / factor);
  return { units, steps: sum - units * factor };
}

describe("packed rows", () => {
  test("have sums that don't depend on the order, and hold weight and weighted target", () => {
    fc.assert(
      fc.property(node, fc.boolean(), (given, centred) => {
        const { packing, values } = packed(given, centred);
        const { order, target, weight } = given.rows;
        const sum = values.sum(order);
        expect(values.sum(order.toReversed())).toBe(sum);
        const { units, steps } = unpack(sum, packing.factor);
        const inUnits = (row: number) => (packing.unit === 1 ? weight[row] : Math.max(1, Math.round(weight[row] / packing.unit)));
        const rows = [...order];
        expect(units).toBe(rows.reduce((total, row) => total + inUnits(row), 0));
        const mean = rows.reduce((total, row) => total + inUnits(row) * target[row], 0) / units;
        const offset = centred ? mean : 0;
        const size = rows.reduce((total, row) => total + inUnits(row) * Math.abs(target[row] - offset), 0);
        const stepsPerTarget = size > 0 ? (packing.factor / 2 - units / 2 - 1) / size : 0;
        if (Number.isFinite(stepsPerTarget))
          expect(Math.abs(steps - (mean - offset) * units * stepsPerTarget)).toBeLessThan(units + 1 + packing.factor * 1e-9);
      }),
    );
  });
});

describe("a histogram", () => {
  test("has the sums that adding row by row gives, and a sibling's is the difference", () => {
    fc.assert(
      fc.property(node, (given) => {
        const { matrix, rows, features, from, to } = given;
        const { values } = packed(given);
        const builder = new HistogramBuilder(matrix, values);
        builder.begin(rows.order);
        const naive = (first: number, end: number) => {
          const sums = new Float64Array(features.length * STRIDE);
          features.forEach((feature, s) => {
            for (const row of rows.order.subarray(first, end)) sums[s * STRIDE + matrix.bins[feature][row]] += values.values[row];
          });
          return sums;
        };
        const size = features.length * STRIDE;
        const part = builder.build(features, from, to);
        expect(part.subarray(0, size)).toEqual(naive(from, to));
        const whole = builder.build(features, from, rows.order.length);
        builder.subtract(whole, part, features.length);
        expect(whole.subarray(0, size)).toEqual(naive(to, rows.order.length));
        builder.giveBack(whole);
        expect(builder.build(features, from, to).subarray(0, size), "in an array used before").toEqual(naive(from, to));
      }),
    );
  });
});

describe("a partition of rows", () => {
  test("is a filter of the left side and one of the right", () => {
    fc.assert(
      fc.property(node, fc.nat(MISSING_BIN - 1), fc.boolean(), (given, last, missingLeft) => {
        const { matrix, rows, features, from, to } = given;
        const column = matrix.bins[features[0]];
        const goesLeft = (row: number) => (column[row] === MISSING_BIN ? missingLeft : column[row] <= last);
        const before = [...rows.order];
        const partition = new RowPartition(matrix);
        partition.begin(rows.order);
        const middle = partition.cut(from, to, { feature: features[0], bin: last, missingLeft });
        const inside = before.slice(from, to);
        const left = inside.filter(goesLeft);
        expect(middle).toBe(from + left.length);
        const right = inside.filter((row) => !goesLeft(row));
        expect([...rows.order]).toEqual([...before.slice(0, from), ...left, ...right, ...before.slice(to)]);
      }),
    );
  });
});

describe("the search for a split", () => {
  const limits = fc.record({
    minLeafWeight: fc.integer({ min: 1, max: 12 }),
    l2: fc.constantFrom(0, 1, 7.5),
    midway: fc.boolean(),
  });
  const allBins = Uint8Array.from({ length: MISSING_BIN }, (_, b) => b);

  /** Searches the rows `order[0 … to − 1]`. */
  function searchHistogram(given: Node, values: PackedRows, search: SplitSearch) {
    const { matrix, rows, features } = given;
    const builder = new HistogramBuilder(matrix, values);
    builder.begin(rows.order);
    const sums = builder.build(features, 0, rows.order.length);
    search.begin(values.sum(rows.order));
    features.forEach((feature, s) => {
      search.tryFeature(feature, sums, s * STRIDE, allBins, MISSING_BIN, sums[s * STRIDE + MISSING_BIN]);
    });
    return search.result();
  }

  /** The gain of every cut that the limits allow, from its two sides. */
  function* allGains(
    given: Node,
    values: PackedRows,
    { factor, unit }: Packing,
    { minLeafWeight, l2 }: { minLeafWeight: number; l2: number },
  ) {
    const { matrix, rows, features } = given;
    const shrink = l2 / unit;
    const least = Math.max(1, minLeafWeight / unit);
    const sumOf = (order: Int32Array) => unpack(values.sum(order), factor);
    const term = ({ units, steps }: { units: number; steps: number }) => steps ** 2 / (units + shrink);
    const whole = sumOf(rows.order);
    for (const feature of features) {
      for (const missingLeft of [false, true]) {
        for (const last of new Set(rows.order.map((row) => matrix.bins[feature][row]))) {
          if (last === MISSING_BIN) continue;
          const goesLeft = (row: number) => {
            const found = matrix.bins[feature][row];
            return found === MISSING_BIN ? missingLeft : found <= last;
          };
          const left = sumOf(rows.order.filter(goesLeft));
          const right = sumOf(rows.order.filter((row) => !goesLeft(row)));
          if (left.units < least || right.units < least) continue;
          yield term(left) + term(right) - term(whole);
        }
      }
    }
  }

  test("finds the largest gain of all cuts, and says what goes left", () => {
    fc.assert(
      fc.property(node, limits, (given, limit) => {
        const { packing, values } = packed(given, limit.l2 === 0);
        const found = searchHistogram(given, values, new SplitSearch(packing, limit));
        const gains = [...allGains(given, values, packing, limit)];
        const best = Math.max(0, ...gains);
        // What counts as rounding, by the largest term that can occur.
        const rounding = packing.factor ** 2 * 1e-9;
        if (!found) {
          expect(best).toBeLessThan(rounding);
          return;
        }
        expect(Math.abs(found.gain - best)).toBeLessThan(best * 1e-6 + rounding);
        const column = given.matrix.bins[found.feature];
        const left = given.rows.order.filter((row) => (column[row] === MISSING_BIN ? found.missingLeft : column[row] <= found.bin));
        expect(values.sum(left)).toBe(found.left);
      }),
    );
  });

  test("finds the same split of a small node without a histogram, one node after another", () => {
    fc.assert(
      fc.property(node, limits, (given, limit) => {
        const { packing, values } = packed(given, limit.l2 === 0);
        const { matrix, rows, features } = given;
        const small = new SmallNodeSearch(matrix, values);
        small.begin(rows.order);
        const search = new SplitSearch(packing, limit);
        const expected = searchHistogram(given, values, new SplitSearch(packing, limit));
        for (let node = 0; node < 2; node++) {
          small.tryFeatures(search, features, 0, rows.order.length, values.sum(rows.order));
          expect(search.result()).toEqual(expected);
        }
      }),
    );
  });
});

describe("the Gram matrix", () => {
  test("is the sum of each row's products, within rounding", () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    const given = fc
      .record({ rows: fc.integer({ min: 0, max: 14 }), width: fc.integer({ min: 1, max: 7 }), extra: fc.nat(3) })
      .chain(({ rows, width, extra }) =>
        fc.record({
          width: fc.constant(width),
          stride: fc.constant(width + extra),
          x: fc.array(value, { minLength: rows * width, maxLength: rows * width }),
          weight: fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: rows, maxLength: rows }),
        }),
      );
    fc.assert(
      fc.property(given, ({ width, stride, x, weight }) => {
        const values = new Float64Array(stride * width).fill(1);
        addGram({ values, stride }, Float64Array.from(x), width, Float64Array.from(weight));
        for (let i = 0; i < width; i++) {
          for (let j = 0; j < stride; j++) {
            const products = weight.map((w, row) => w * x[row * width + i] * x[row * width + j]);
            const expected = j <= i ? products.reduce((sum, product) => sum + product, 1) : 1;
            const size = products.reduce((sum, product) => sum + Math.abs(product), 1);
            if (j <= i) expect(Math.abs(values[i * stride + j] - expected)).toBeLessThanOrEqual(size * 1e-13);
            else expect(values[i * stride + j], "above the diagonal nothing is written").toBe(1);
          }
        }
      }),
    );
  });
});
