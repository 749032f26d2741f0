import { expect, test } from "vitest";
import { addGram } from "../../core/models/linear/gram.ts";
import { logistic } from "../../core/models/linear/linear-body.ts";
import { newton } from "../../core/models/linear/newton.ts";
import { oneBlock, standardisedBlocks } from "../../core/models/row-blocks.ts";
import { learnStandardisation, standardiseRows } from "../../core/models/standardise.ts";
import { createRandom } from "../../core/random.ts";

const WIDTH = 5;

function makeRows(count: number, strength: number) {
  const random = createRandom(3);
  const x = Float64Array.from({ length: count * WIDTH }, () => random.normal());
  const target = Float64Array.from({ length: count }, (_, row) => Number(random.next() < logistic(strength * x[row * WIDTH])));
  return { x, target, weight: Float64Array.from({ length: count }, () => 0.5 + random.next()) };
}

function inOneBlock({ x, ...rest }: ReturnType<typeof makeRows>) {
  return { x: oneBlock(x, rest.weight.length), ...rest };
}

/** Slope of the penalised loss by each coefficient; 0 at its minimum. */
function slopeAt({ x, target, weight }: ReturnType<typeof makeRows>, beta: Float64Array, penalty: number): number[] {
  return Array.from(beta, (_, i) => {
    let sum = i < WIDTH ? penalty * beta[i] : 0;
    for (let row = 0; row < weight.length; row++) {
      let z = beta[WIDTH];
      for (let f = 0; f < WIDTH; f++) z += beta[f] * x[row * WIDTH + f];
      sum += weight[row] * (logistic(z) - target[row]) * (i < WIDTH ? x[row * WIDTH + i] : 1);
    }
    return sum;
  });
}

const nothing = { beta: new Float64Array(WIDTH + 1), curvature: null };

// 5 rows leave one over after fours; at strength 50 the classes are all but parted, and curvature changes at every step.
test.each([
  [5, 1, 1],
  [403, 0.3, 0.01],
  [403, 50, 1e-6],
])("of %i rows at strength %f and penalty %f, the loss has no slope where Newton's method ends", (count, strength, penalty) => {
  const rows = makeRows(count, strength);
  const { beta } = newton(inOneBlock(rows), penalty, nothing, 1e-9);
  for (const slope of slopeAt(rows, beta, penalty)) expect(Math.abs(slope)).toBeLessThan(1e-6);
});

test("where it begins does not matter, nor whose curvature it begins with", () => {
  const rows = inOneBlock(makeRows(200, 2));
  const other = newton(rows, 50, nothing, 1e-6);
  const { beta } = newton(rows, 0.1, nothing, 1e-9);
  newton(rows, 0.1, other, 1e-9).beta.forEach((value, i) => {
    expect(value).toBeCloseTo(beta[i], 8);
  });
});

test("classes that are parted have no minimum without a penalty, and that is said", () => {
  const x = Float64Array.of(-2, -1, 1, 2);
  const rows = { x: oneBlock(x, 4), target: Float64Array.of(0, 0, 1, 1), weight: new Float64Array(4).fill(1) };
  expect(() => newton(rows, 0, { beta: new Float64Array(2), curvature: null }, 1e-9)).toThrow(
    /4 rows and 1 features.* did not converge in 20 steps/,
  );
});

test.each([1, 4, 7])("a Gram matrix of %i rows is the weighted sum of their products, and leaves the upper triangle alone", (count) => {
  const { x, weight } = makeRows(count, 1);
  const stride = WIDTH + 1;
  const gram = new Float64Array(stride * stride).fill(10);
  addGram({ values: gram, stride }, x, WIDTH, weight);
  for (let i = 0; i < stride; i++) {
    for (let j = 0; j < stride; j++) {
      let sum = 10;
      if (i < WIDTH && j <= i) for (let row = 0; row < count; row++) sum += weight[row] * x[row * WIDTH + i] * x[row * WIDTH + j];
      expect(gram[i * stride + j]).toBeCloseTo(sum, 10);
    }
  }
});

test.each([30, 512, 1_030])("%i rows that are standardised block by block give the same bits as rows that are kept", (count) => {
  const random = createRandom(5);
  const columns = Array.from({ length: WIDTH }, (_, f) =>
    Float64Array.from({ length: count + 9 }, (_, row) => (row % (7 + f) === 3 ? Number.NaN : random.normal())),
  );
  const scale = learnStandardisation(columns, count + 9, 0.01);
  const range = { from: 9, to: count + 9 };
  const kept = standardisedBlocks(scale, columns, range);
  const computed = standardisedBlocks(scale, columns, { ...range, most: 0 });
  const values: number[] = [];
  computed.each((x, _, rows) => values.push(...x.subarray(0, rows * WIDTH)));
  expect(values).toEqual([...standardiseRows(scale, columns, 9, count + 9)]);
  const { target, weight } = makeRows(count, 1);
  const [a, b] = [kept, computed].map((x) => newton({ x, target, weight }, 5, nothing, 1e-9));
  expect(b).toEqual(a);
});
