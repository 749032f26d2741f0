import { Field, Float64, makeData, RecordBatch, RecordBatchFileWriter, Schema, Struct, tableFromIPC } from "apache-arrow";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { type Interval, parseInterval } from "../../core/vocabulary/interval.ts";

const SCHEMA = "candlecast.features/1";
const LEADING = ["open_time", "close", "volatility"] as const;

/** A feature matrix as an Arrow IPC file: `open_time` (ms), `close`, `volatility`, then one column per feature; all are doubles. */
export function encodeFeatures(matrix: FeatureMatrix): Uint8Array {
  const metadata = new Map([
    ["schema", SCHEMA],
    ["symbol", matrix.symbol],
    ["interval", matrix.interval],
    ["feature_set", matrix.featureSet.name],
    ["feature_set_digest", matrix.featureSet.digest],
  ]);
  const names = [...LEADING, ...matrix.names];
  const columns = [matrix.openTime, matrix.close, matrix.volatility, ...matrix.columns];
  const schema = new Schema(
    names.map((name) => new Field(name, new Float64(), false)),
    metadata,
  );
  const children = columns.map((data) => makeData({ type: new Float64(), length: data.length, nullCount: 0, data }));
  const batch = new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: matrix.openTime.length, nullCount: 0, children }),
  );
  const writer = new RecordBatchFileWriter();
  writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

/**
 * @throws {CorruptObjectError} if the bytes are not an Arrow file
 * @throws {SchemaMismatchError} if the file is not one that {@link encodeFeatures} makes
 */
export function decodeFeatures(bytes: Uint8Array): FeatureMatrix {
  const table = parse(bytes);
  const { metadata, fields } = table.schema;
  const names = fields.map(({ name }) => name);
  if (metadata.get("schema") !== SCHEMA || LEADING.some((name, i) => names[i] !== name)) {
    throw new SchemaMismatchError(
      `the feature file is of schema ${metadata.get("schema") ?? "unknown"} with columns ${names.slice(0, 4).join(", ")}…, not ${SCHEMA}`,
    );
  }
  const column = (i: number): Float64Array => {
    const values = table.getChildAt(i)?.toArray();
    if (!(values instanceof Float64Array)) throw new SchemaMismatchError(`feature column ${names[i]} does not hold doubles`);
    return values;
  };
  return {
    symbol: metadata.get("symbol") ?? "",
    interval: intervalOf(metadata.get("interval")),
    featureSet: { name: metadata.get("feature_set") ?? "", digest: metadata.get("feature_set_digest") ?? "" },
    openTime: column(0),
    close: column(1),
    volatility: column(2),
    names: names.slice(LEADING.length),
    columns: names.slice(LEADING.length).map((_, i) => column(i + LEADING.length)),
  };
}

function intervalOf(text: string | undefined): Interval {
  try {
    return parseInterval(text ?? "");
  } catch (cause) {
    throw new SchemaMismatchError(`the feature file is of the unknown interval ${JSON.stringify(text ?? "")}`, { cause });
  }
}

function parse(bytes: Uint8Array) {
  try {
    return tableFromIPC(bytes);
  } catch (cause) {
    throw new CorruptObjectError(`the feature file can't be decoded as Arrow: ${(cause as Error).message}`, { cause });
  }
}
