import {
  Bool,
  type DataType,
  Field,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import type { ColumnSpec, ParquetColumn } from "../parquet/parquet.ts";

const TYPES: Readonly<Record<ColumnSpec["type"], () => DataType>> = {
  string: () => new Utf8(),
  timestamp: () => new TimestampMillisecond("UTC"),
  double: () => new Float64(),
  int32: () => new Int32(),
  boolean: () => new Bool(),
};

/**
 * Writes columns as an Arrow IPC file, one record batch per chunk. In a nullable column, NaN becomes null.
 *
 * @param chunks columns of equal length, in the order of `specs`
 */
export async function* arrowFile(
  specs: readonly ColumnSpec[],
  chunks: AsyncIterable<readonly ParquetColumn[]>,
): AsyncGenerator<Uint8Array> {
  const schema = new Schema(specs.map(({ name, type, nullable }) => new Field(name, TYPES[type](), nullable)));
  async function* batches(): AsyncGenerator<RecordBatch> {
    for await (const columns of chunks) {
      const children = columns.map((column) => vectorFromArray(valuesOf(column), TYPES[column.type]()).data[0]);
      const struct = makeData({ type: new Struct(schema.fields), length: columns[0].data.length, nullCount: 0, children });
      yield new RecordBatch(schema, struct);
    }
  }
  const writer = new RecordBatchFileWriter();
  // Writing the schema first makes a file without batches a valid file, too.
  writer.reset(undefined, schema);
  const written = writeAll(writer, batches());
  written.catch(() => {});
  for await (const bytes of writer) yield bytes;
  await written;
}

async function writeAll(writer: RecordBatchFileWriter, batches: AsyncIterable<RecordBatch>): Promise<void> {
  try {
    for await (const batch of batches) writer.write(batch);
    writer.finish();
  } catch (error) {
    writer.abort(error);
    throw error;
  }
}

function valuesOf({ data, nullable, type }: ParquetColumn): unknown[] {
  const values: unknown[] = Array.from(data as ArrayLike<unknown>);
  return nullable && type !== "string" ? values.map((value) => (Number.isNaN(value) ? null : value)) : values;
}
