import { z } from "zod";
import { CorruptObjectError, SchemaMismatchError } from "../errors.ts";
import type { FlatTrees } from "./flat-trees.ts";
import type { Model } from "./model.ts";
import type { Standardisation } from "./standardise.ts";
import { decodeDoubles, decodeInts, encodeArray } from "./typed-base64.ts";

const SCHEMA = "candlecast.model/1";
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_TREES = 10_000;
const MAX_FEATURES = 1_000;
const MAX_NODES = 2_000_000;
const MAX_DEPTH = 64;

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const text = z.string().min(1).max(200);
const number = z.number();

const scaleArrays = z.strictObject({ lower: base64, upper: base64, mean: base64, inverseDeviation: base64 });

const file = z.strictObject({
  schema: z.literal(SCHEMA),
  algorithm: z.enum(["gradient_boosting", "linear_regression", "random_forest", "logistic_regression", "random_forest_classifier"]),
  scope: z.enum(["pooled", "coin"]),
  horizon: z.int().min(1).max(365),
  featureSet: z.strictObject({ name: text, digest: text }),
  features: z.array(text).min(1).max(MAX_FEATURES),
  rows: z.int().min(1),
  novelty: z.strictObject({ threshold: number, scale: scaleArrays }),
  body: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("trees"),
      base: number,
      factor: number,
      trees: z.strictObject({ roots: base64, feature: base64, threshold: base64, left: base64, missingLeft: base64, value: base64 }),
    }),
    z.strictObject({
      kind: z.literal("linear"),
      link: z.enum(["identity", "logistic"]),
      intercept: number,
      penalty: number,
      weights: base64,
      scale: scaleArrays,
    }),
  ]),
});

/** A model as JSON, its arrays in base64 (little-endian). The same model gives the same bytes. */
export function encodeModel(model: Model): Uint8Array {
  const { body } = model;
  const { algorithm, scope, horizon, featureSet, features, rows } = model;
  const shown =
    body.kind === "trees"
      ? { kind: body.kind, base: body.base, factor: body.factor, trees: encodeArrays({ ...body.trees }) }
      : {
          kind: body.kind,
          link: body.link,
          intercept: body.intercept,
          penalty: body.penalty,
          weights: encodeArray(body.weights),
          scale: encodeArrays({ ...body.scale }),
        };
  const shownNovelty = { threshold: model.novelty.threshold, scale: encodeArrays({ ...model.novelty.scale }) };
  const value = { schema: SCHEMA, algorithm, scope, horizon, featureSet, features, rows, novelty: shownNovelty, body: shown };
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}

/**
 * Reads a model file back, with every check that keeps a wrong file from predicting: sizes, finiteness, and trees whose
 * children lie behind their parents.
 *
 * @throws {CorruptObjectError} if the bytes are no JSON
 * @throws {SchemaMismatchError} naming what is wrong
 */
export function decodeModel(bytes: Uint8Array): Model {
  if (bytes.byteLength > MAX_BYTES) throw new SchemaMismatchError(`a model file of ${bytes.byteLength} bytes is larger than ${MAX_BYTES}`);
  const parsed = file.safeParse(parseJson(bytes));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new SchemaMismatchError(`the model file's ${path.join(".") || "shape"} is wrong: ${message}`);
  }
  const { schema: _, body, novelty, ...rest } = parsed.data;
  const width = rest.features.length;
  const column = (text: string, name: string) => {
    const values = decodeDoubles(text, name);
    if (values.length !== width)
      throw new SchemaMismatchError(`the model file's ${name} has ${values.length} values for ${width} features`);
    return values;
  };
  const decodeScale = (scale: typeof novelty.scale, name: string): Standardisation => ({
    lower: column(scale.lower, `${name}.lower`),
    upper: column(scale.upper, `${name}.upper`),
    mean: column(scale.mean, `${name}.mean`),
    inverseDeviation: column(scale.inverseDeviation, `${name}.inverseDeviation`),
  });
  const head = { ...rest, novelty: { threshold: novelty.threshold, scale: decodeScale(novelty.scale, "novelty.scale") } };
  if (body.kind === "trees") {
    const { trees } = body;
    const decoded: FlatTrees = {
      roots: decodeInts(trees.roots, "roots"),
      feature: decodeInts(trees.feature, "feature"),
      threshold: decodeDoubles(trees.threshold, "threshold"),
      left: decodeInts(trees.left, "left"),
      missingLeft: decodeInts(trees.missingLeft, "missingLeft", 1) as Uint8Array,
      value: decodeDoubles(trees.value, "value"),
    };
    checkTrees(decoded, width);
    return { ...head, body: { kind: "trees", base: body.base, factor: body.factor, trees: decoded } };
  }
  return {
    ...head,
    body: {
      ...body,
      weights: column(body.weights, "weights"),
      scale: decodeScale(body.scale, "scale"),
    },
  };
}

function encodeArrays<K extends string>(arrays: Readonly<Record<K, Float64Array | Int32Array | Uint8Array>>): Record<K, string> {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, encodeArray(array as Float64Array)])) as Record<K, string>;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CorruptObjectError("the model file is not JSON", { cause });
  }
}

function checkTrees({ roots, feature, threshold, left, missingLeft, value }: FlatTrees, width: number): void {
  const nodes = left.length;
  const refuse = (what: string) => {
    throw new SchemaMismatchError(`the model file's trees are wrong: ${what}`);
  };
  if (roots.length === 0 || roots.length > MAX_TREES) refuse(`${roots.length} trees`);
  if (nodes > MAX_NODES) refuse(`${nodes} nodes`);
  if ([feature, threshold, missingLeft, value].some((column) => column.length !== nodes)) refuse("columns of different lengths");
  const depth = new Uint8Array(nodes);
  for (const root of roots) if (root < 0 || root >= nodes) refuse(`root ${root} of ${nodes} nodes`);
  for (let node = 0; node < nodes; node++) {
    if (left[node] === -1) continue;
    if (left[node] <= node || left[node] + 1 >= nodes) refuse(`node ${node} has children at ${left[node]} of ${nodes} nodes`);
    if (feature[node] < 0 || feature[node] >= width) refuse(`node ${node} reads feature ${feature[node]} of ${width}`);
    if (missingLeft[node] > 1) refuse(`node ${node} sends missing values ${missingLeft[node]}`);
    if (depth[node] >= MAX_DEPTH) refuse(`a tree is deeper than ${MAX_DEPTH}`);
    depth[left[node]] = Math.max(depth[left[node]], depth[node] + 1);
    depth[left[node] + 1] = Math.max(depth[left[node] + 1], depth[node] + 1);
  }
}
