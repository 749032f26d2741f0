import { z } from "zod";
import { CorruptObjectError, SchemaMismatchError } from "../vocabulary/errors.ts";
import { BASELINES, LOSSES, MODELS } from "../vocabulary/model-names.ts";
import type { Manifest } from "./manifest.ts";

const MAX_BYTES = 64 * 1024 * 1024;
const text = z.string().max(2_000);
const time = z.string().refine((value) => !Number.isNaN(Date.parse(value)), "no ISO 8601 time");
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const version = z.string().regex(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/);
const symbol = z.string().regex(/^[A-Z0-9]{1,15}$/);
const number = z.number().nullable();
const count = z.int().min(0);

const objectRef = z.strictObject({
  key: z
    .string()
    .regex(/^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9=_.-]+(\/[A-Za-z0-9=_.-]+)*$/)
    .max(500),
  sha256: digest,
  bytes: count,
  rows: count.nullable(),
});

// Fields with a default came later: manifests that were published before have them unknown.
const skill = z.strictObject({
  baseline: z.enum(BASELINES),
  loss: z.enum(LOSSES),
  value: number,
  lower: number,
  upper: number.default(null),
});

const interval = z
  .strictObject({ coverage: z.number().gt(0).lt(1), q: z.number().min(0).nullable(), n: count, reason: text.nullable().default(null) })
  .nullable();

const model = z.strictObject({
  name: z.enum(MODELS),
  scope: z.enum(["pooled", "coin"]),
  task: z.enum(["regression", "classification"]),
  file: objectRef.nullable(),
  n: count,
  metrics: z.record(z.string().max(60), number),
  skill,
  groupSkill: skill,
  gateLower: number.default(null),
  skills: z.array(skill).max(20).default([]),
  groupSkills: z.array(skill).max(20).default([]),
  baselines: z.partialRecord(z.enum(BASELINES), z.number()).default({}),
  role: z.enum(["champion", "challenger", "no_skill"]),
  reason: text,
  interval,
  baselineInterval: interval.default(null),
});

const symbolEntry = z.strictObject({
  symbol,
  source: z.string().max(60),
  simulated: z.boolean(),
  status: z.enum(["fresh", "stale"]),
  staleReason: text.nullable(),
  since: version,
  candles: z.strictObject({ objects: z.array(objectRef), rows: count, firstOpenTime: time, lastOpenTime: time, missing: count }),
  features: objectRef,
  trainingDigest: digest,
  evaluation: objectRef,
  // Manifests from before there were reports lack the field.
  report: objectRef.nullable().default(null),
  models: z.array(model).max(12),
});

const schema = z
  .strictObject({
    schema: z.literal("candlecast.manifest/1"),
    version,
    previous: version.nullable(),
    createdAt: time,
    asOf: time,
    workflow: z.strictObject({ id: text, runId: text }),
    codeVersion: text,
    runtime: z.strictObject({ node: text, platform: text }).optional(),
    interval: z.enum(["1d", "1h", "1m"]),
    horizon: z.int().min(1).max(365),
    featureSet: z.strictObject({ name: text, digest: text }),
    symbols: z.record(symbol, symbolEntry),
    rollback: z.strictObject({ to: version, from: version, reason: text }).optional(),
  })
  .refine(
    ({ symbols }) => Object.entries(symbols).every(([name, entry]) => entry.symbol === name),
    "an entry is filed under another symbol",
  );

/**
 * Reads a manifest strictly: what is not of the schema is refused, and nothing is guessed.
 *
 * @throws {CorruptObjectError} if the bytes are no JSON
 * @throws {SchemaMismatchError} naming the first field that is wrong
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  if (bytes.byteLength > MAX_BYTES) throw new SchemaMismatchError(`a manifest of ${bytes.byteLength} bytes is larger than ${MAX_BYTES}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CorruptObjectError("the manifest is not JSON", { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data as Manifest;
  const { path, message } = parsed.error.issues[0];
  throw new SchemaMismatchError(`the manifest's ${path.join(".") || "shape"} is wrong: ${message}`);
}
