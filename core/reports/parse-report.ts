import { z } from "zod";
import { CorruptObjectError, SchemaMismatchError } from "../vocabulary/errors.ts";
import { MODELS } from "../vocabulary/model-names.ts";
import type { SymbolReport } from "./report.ts";

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ITEMS = 1_000;
const text = z.string().max(2_000);
const time = z.string().refine((value) => !Number.isNaN(Date.parse(value)), "no ISO 8601 time");
const count = z.int().min(0);
const number = z.number();
const model = z.enum(MODELS);

const curve = z.strictObject({
  model,
  bins: z
    .array(z.strictObject({ n: count, predicted: number, actual: number, lower: number.nullable(), upper: number.nullable() }))
    .max(MAX_ITEMS),
});

const schema = z.strictObject({
  schema: z.literal("candlecast.report/1"),
  symbol: z.string().regex(/^[A-Z0-9]{1,15}$/),
  simulated: z.boolean(),
  scope: z.enum(["pooled", "coin"]),
  interval: z.enum(["1d", "1h", "1m"]),
  horizon: z.int().min(1).max(365),
  tested: z.strictObject({ from: time, to: time, candles: count }),
  regressor: model,
  classifier: model,
  predictedAgainstActual: curve,
  cumulativeSkill: z.strictObject({
    dates: z.array(time).max(MAX_ITEMS),
    models: z
      .array(z.strictObject({ model, baseline: z.enum(["no_change", "class_prior"]), skill: z.array(number.nullable()).max(MAX_ITEMS) }))
      .max(12),
  }),
  calibration: z.array(curve).max(12),
  coverage: z.strictObject({
    model,
    nominal: number.gt(0).lt(1),
    folds: z.array(z.strictObject({ fold: count, from: time, to: time, n: count, covered: count })).max(100),
  }),
  importance: z
    .strictObject({
      model,
      loss: z.enum(["rmse", "brier"]),
      from: time,
      to: time,
      rows: count,
      repeats: count,
      features: z.array(z.strictObject({ name: text, increase: number, deviation: number })).max(MAX_ITEMS),
    })
    .nullable(),
  explanation: z.strictObject({
    model: model.nullable(),
    sentence: text,
    withheld: z.enum(["no_champion", "too_few_rows", "steady_prediction", "low_fidelity"]).nullable(),
    fidelity: number.nullable(),
    rows: count,
    heldOut: count,
  }),
});

/**
 * Reads a stored report strictly.
 *
 * @throws {CorruptObjectError} if the bytes are no JSON
 * @throws {SchemaMismatchError} naming the first field that is wrong
 */
export function parseReport(bytes: Uint8Array): SymbolReport {
  if (bytes.byteLength > MAX_BYTES) throw new SchemaMismatchError(`a report of ${bytes.byteLength} bytes is larger than ${MAX_BYTES}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new CorruptObjectError("the report is not JSON", { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0];
  throw new SchemaMismatchError(`the report's ${path.join(".") || "shape"} is wrong: ${message}`);
}
