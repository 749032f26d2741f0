import { expect, test } from "vitest";
import { decodeModel, encodeModel } from "../../core/models/file/model-file.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { payloadOf, SMALL_MODELS, seal } from "./small-models.ts";

interface Payload {
  [field: string]: unknown;
  algorithm: string;
  features: string[];
  novelty: { threshold: number | null; scale: Record<string, string> };
  body: {
    [field: string]: unknown;
    base: number;
    weights: string;
    scale: Record<string, string>;
    trees: Record<"feature" | "left" | "roots" | "value" | "missingLeft", string>;
  };
}

const file = (algorithm: string) => {
  const model = SMALL_MODELS.find((one) => one.algorithm === algorithm);
  if (!model) throw new Error(algorithm);
  return encodeModel(model);
};
const changed = (algorithm: string, change: (payload: Payload) => unknown) => {
  const payload = JSON.parse(payloadOf(file(algorithm))) as Payload;
  change(payload);
  return seal(JSON.stringify(payload));
};
const int32 = (text: string) => new Int32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
const base64 = (array: Int32Array | Float64Array | Uint8Array) => Buffer.from(array.buffer).toString("base64");
const edit = (text: string, change: (values: Int32Array) => void) => {
  const values = int32(text);
  change(values);
  return base64(values);
};
/** Gives a node the children of a node before it. */
const shareChildren = (left: Int32Array) => {
  for (let node = 1; node < left.length; node++) {
    const other = left.findIndex((child, before) => before < node && child > node);
    if (left[node] === -1 || other < 0) continue;
    left[node] = left[other];
    return;
  }
};

test.each(SMALL_MODELS.map((model) => [model.algorithm, model] as const))("%s is read back as it was written", (_, model) => {
  expect(decodeModel(encodeModel(model))).toEqual(model);
  expect(Buffer.from(encodeModel(decodeModel(encodeModel(model)))).equals(encodeModel(model))).toBe(true);
});

test("a model file is JSON, whose digest is that of the model's own bytes", () => {
  const bytes = file("random_forest");
  expect(JSON.parse(new TextDecoder().decode(bytes)).model.algorithm).toBe("random_forest");
  expect(Buffer.from(seal(payloadOf(bytes))).equals(bytes)).toBe(true);
});

test("what is cut off, empty or no model file is corrupt", () => {
  const bytes = file("random_forest");
  for (const damaged of [bytes.subarray(0, 1_000), bytes.subarray(0, -1), new Uint8Array(), Buffer.from("[]"), Buffer.from([0xff, 0xfe])])
    expect(() => decodeModel(damaged)).toThrow(CorruptObjectError);
});

test("a file of another schema is refused, naming both", () => {
  const old = new TextDecoder().decode(file("random_forest")).replace("candlecast.model/2", "candlecast.model/1");
  expect(() => decodeModel(new TextEncoder().encode(old))).toThrow(/schema candlecast\.model\/1; this code reads candlecast\.model\/2/);
});

test("a file too large is refused before it is looked at", () => {
  expect(() => decodeModel(new Uint8Array(16 * 1024 * 1024 + 1))).toThrow(/larger than 16777216/);
});

test.each<[string, string, (payload: Payload) => unknown, RegExp]>([
  ["a field too many", "random_forest", (p) => Object.assign(p, { code: "1" }), /code/],
  ["a field too few", "random_forest", (p) => delete p.rows, /rows/],
  ["the body of another algorithm", "random_forest", (p) => Object.assign(p, { algorithm: "logistic_regression" }), /none of logistic/],
  ["one feature twice", "random_forest", (p) => p.features.fill("x0", 0, 2), /one twice/],
  ["more features than columns", "linear_regression", (p) => p.features.push("x10"), /10 values for 11 features/],
  ["an endless loop", "random_forest", (p) => (p.body.trees.left = edit(p.body.trees.left, (left) => left.fill(0, 0, 1))), /children at 0/],
  [
    "children in another tree",
    "random_forest",
    (p) => (p.body.trees.left = edit(p.body.trees.left, (left) => left.fill(int32(p.body.trees.roots)[1], 0, 1))),
    /outside of its tree/,
  ],
  [
    "children that two nodes share",
    "random_forest",
    (p) => (p.body.trees.left = edit(p.body.trees.left, shareChildren)),
    /shares children/,
  ],
  [
    "a node that nothing leads to",
    "random_forest",
    (p) => (p.body.trees.left = edit(p.body.trees.left, (left) => left.fill(-1, 0, 1))),
    /nothing leads to/,
  ],
  [
    "a root inside a tree",
    "random_forest",
    (p) => (p.body.trees.roots = edit(p.body.trees.roots, (roots) => roots.fill(3, 1, 2))),
    /trees/,
  ],
  [
    "a root outside",
    "random_forest",
    (p) => (p.body.trees.roots = edit(p.body.trees.roots, (roots) => roots.fill(99_999_999, 1, 2))),
    /trees/,
  ],
  [
    "a feature outside",
    "random_forest",
    (p) => (p.body.trees.feature = edit(p.body.trees.feature, (all) => all.fill(99))),
    /feature 99 of 10/,
  ],
  ["no tree", "random_forest", (p) => (p.body.trees.roots = ""), /trees are 0/],
  ["a value that is no number", "random_forest", (p) => (p.body.trees.value = base64(Float64Array.of(Number.NaN))), /no finite number/],
  ["cut-off arrays", "random_forest", (p) => (p.body.trees.value = "AAAA"), /multiple of 8/],
  ["another length of one column", "random_forest", (p) => (p.body.trees.value = base64(Float64Array.of(1))), /different lengths/],
  ["a probability above 1", "random_forest_classifier", (p) => (p.body.base = 0.5), /beyond 0 to 1/],
  ["predictions without measure", "gradient_boosting", (p) => (p.body.base = 1e9), /beyond -1000 to 1000/],
  [
    "weights without measure",
    "linear_regression",
    (p) => (p.body.weights = base64(new Float64Array(10).fill(1e300))),
    /beyond -1000 to 1000/,
  ],
  [
    "a clipping to nothing",
    "linear_regression",
    (p) => (p.body.scale.upper = base64(new Float64Array(10).fill(-9))),
    /clips a feature to nothing/,
  ],
  [
    "a deviation below 0",
    "linear_regression",
    (p) => (p.novelty.scale.inverseDeviation = base64(new Float64Array(10).fill(-1))),
    /deviation below 0/,
  ],
  ["no threshold of novelty", "linear_regression", (p) => (p.novelty.threshold = null), /novelty.threshold/],
])("with %s, a %s is refused, naming it", (_, algorithm, change, message) => {
  expect(() => decodeModel(changed(algorithm, change))).toThrow(SchemaMismatchError);
  expect(() => decodeModel(changed(algorithm, change))).toThrow(message);
});

test("a tree deeper than 64 is refused", () => {
  const chain = (depth: number) =>
    changed("random_forest", ({ body }) => {
      const nodes = 2 * depth + 1;
      const columns = { feature: new Int32Array(nodes), missingLeft: new Uint8Array(nodes), value: new Float64Array(nodes) };
      const left = Int32Array.from({ length: nodes }, (_, node) => (node % 2 === 0 && node < 2 * depth ? node + 1 : -1));
      Object.assign(body, { base: 0, factor: 1 });
      Object.assign(body.trees, {
        roots: base64(Int32Array.of(0)),
        threshold: base64(new Float64Array(nodes)),
        left: base64(left),
        ...Object.fromEntries(Object.entries(columns).map(([name, array]) => [name, base64(array)])),
      });
    });
  expect(decodeModel(chain(64)).body.kind).toBe("trees");
  expect(() => decodeModel(chain(65))).toThrow(/deeper than 64/);
});

test("the same model written another way is refused", () => {
  const payload = payloadOf(file("linear_regression"));
  for (const other of [` ${payload}`, payload.replace(`"rows":800`, `"rows":4e2`), payload.replace(`"rows":800`, `"rows":7,"rows":800`)])
    expect(() => decodeModel(seal(other))).toThrow(/not written as its model would be/);
});

test("what could not be read is not written", () => {
  const [model] = SMALL_MODELS;
  expect(() => encodeModel({ ...model, horizon: 0 })).toThrow(/horizon/);
  expect(() => encodeModel({ ...model, features: model.features.slice(1) })).toThrow(SchemaMismatchError);
  expect(() => encodeModel({ ...model, more: 1 } as typeof model)).toThrow(/more/);
});
