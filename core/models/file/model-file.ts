import { createHash } from "node:crypto";
import { z } from "zod";
import { CorruptObjectError, SchemaMismatchError } from "../../vocabulary/errors.ts";
import { ALGORITHMS } from "../../vocabulary/model-names.ts";
import { horizonSchema, scopeSchema } from "../../vocabulary/schemas.ts";
import type { Model } from "../model.ts";
import { checkModel } from "./check-model.ts";
import { checkJsonBounds } from "./json-bounds.ts";
import { bytes, doubles, ints } from "./typed-base64.ts";

/** Raised when a file of the former schema can't be read any more; it counts for a training's digest. */
export const MODEL_SCHEMA = "candlecast.model/2";
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_TREES = 10_000;
const MAX_FEATURES = 1_000;
const MAX_NODES = 500_000;
/** The schema below is 4 deep; a file holds a value per feature and a few dozen others. */
const BOUNDS = { depth: 8, values: MAX_FEATURES + 1_000 };

const text = z.string().min(1).max(200);
const columns = doubles(MAX_FEATURES);
const scale = z.strictObject({ lower: columns, upper: columns, mean: columns, inverseDeviation: columns });

const treesBody = z.strictObject({
  kind: z.literal("trees"),
  base: z.number(),
  factor: z.number(),
  trees: z.strictObject({
    roots: ints(MAX_TREES),
    feature: ints(MAX_NODES),
    threshold: doubles(MAX_NODES),
    left: ints(MAX_NODES),
    missingLeft: bytes(MAX_NODES),
    value: doubles(MAX_NODES),
  }),
});

const linearBody = z.strictObject({
  kind: z.literal("linear"),
  link: z.enum(["identity", "logistic"]),
  intercept: z.number(),
  penalty: z.number().min(0),
  weights: columns,
  scale,
});

/** Both ways: what may be written is what may be read, in this order of fields. */
const model = z.strictObject({
  algorithm: z.enum(ALGORITHMS),
  scope: scopeSchema,
  horizon: horizonSchema,
  featureSet: z.strictObject({ name: text, digest: text }),
  features: z.array(text).min(1).max(MAX_FEATURES),
  rows: z.int().min(1),
  novelty: z.strictObject({ scale, threshold: z.number().min(0) }),
  body: z.discriminatedUnion("kind", [treesBody, linearBody]),
});

/**
 * A model as JSON, its arrays in base64 (little-endian), behind the digest of its own bytes. The same model gives the same
 * bytes.
 *
 * @throws {SchemaMismatchError} if {@link decodeModel} would not take it back, naming why
 */
export function encodeModel(value: Model): Uint8Array {
  checkModel(value);
  const bytes = writeModel(value);
  if (bytes.byteLength > MAX_BYTES) throw tooLarge(bytes);
  return bytes;
}

/**
 * Reads a model file back. Each step is checked before the next one costs anything: size, digest, depth and width of the
 * JSON, schema and sizes of arrays, then all that a prediction relies on ({@link checkModel}). A model has one file: what
 * would be written otherwise is refused too.
 *
 * @throws {CorruptObjectError} if the bytes are no model file, or other ones than those that were written
 * @throws {SchemaMismatchError} naming what is wrong
 */
export function decodeModel(bytes: Uint8Array): Model {
  if (bytes.byteLength > MAX_BYTES) throw tooLarge(bytes);
  const payload = openEnvelope(bytes);
  checkJsonBounds(payload, BOUNDS);
  const read = model.safeDecode(parseJson(payload) as z.input<typeof model>);
  if (!read.success) throw wrongShape(read.error);
  checkModel(read.data);
  if (Buffer.compare(writeModel(read.data), bytes) !== 0)
    throw new SchemaMismatchError(
      "the model file is not written as its model would be: see its spaces, base64, and the order of its fields",
    );
  return read.data;
}

function writeModel(value: Model): Uint8Array {
  const written = model.safeEncode(value as z.output<typeof model>);
  if (!written.success) throw wrongShape(written.error);
  const payload = JSON.stringify(written.data);
  return new TextEncoder().encode(`${envelope(sha256(payload))}${payload}${END}`);
}

const envelope = (digest: string) => `{"schema":"${MODEL_SCHEMA}","sha256":"${digest}","model":`;
const END = "}\n";
const ENVELOPE_LENGTH = envelope("0".repeat(64)).length;

/** @returns the bytes that the digest stands for */
function openEnvelope(bytes: Uint8Array): Uint8Array {
  const latin = (from: number, to?: number) => Buffer.from(bytes.subarray(from, to)).toString("latin1");
  const head = latin(0, ENVELOPE_LENGTH);
  const schema = /^\{"schema":"(candlecast\.model\/\d+)"/.exec(head)?.[1];
  if (!schema) throw new CorruptObjectError("these bytes are no model file");
  if (schema !== MODEL_SCHEMA) throw new SchemaMismatchError(`the model file is of schema ${schema}; this code reads ${MODEL_SCHEMA}`);
  const payload = bytes.subarray(ENVELOPE_LENGTH, -END.length);
  if (head !== envelope(sha256(payload)) || latin(-END.length) !== END)
    throw new CorruptObjectError("the model file's bytes are not those that its digest stands for");
  return payload;
}

function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CorruptObjectError("the model file is not JSON", { cause });
  }
}

function wrongShape({ issues: [{ path, message }] }: z.ZodError): SchemaMismatchError {
  return new SchemaMismatchError(`the model file's ${path.join(".") || "shape"} is wrong: ${message}`);
}

function tooLarge({ byteLength }: Uint8Array): SchemaMismatchError {
  return new SchemaMismatchError(`a model file of ${byteLength} bytes is larger than ${MAX_BYTES}`);
}
