import { parquetMetadata, parquetRead, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { ByteWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { checkSeal, seal, UNSEALED } from "./seal.ts";

/** No codec packs more rows into a byte. Without this limit, a damaged row count could use up all memory. */
const MAX_ROWS_PER_BYTE = 100;

export type ColumnType = "string" | "timestamp" | "double" | "int32" | "boolean";

/** A column to write. If it is `nullable`, NaN and null become null. Timestamps are ms since the epoch, UTC. */
export interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  readonly data: ArrayLike<number> | readonly (string | number | boolean | null)[];
}

export type ColumnSpec = Pick<ParquetColumn, "name" | "type" | "nullable">;

const ELEMENTS = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
  double: { type: "DOUBLE" },
  int32: { type: "INT32" },
  boolean: { type: "BOOLEAN" },
} as const;

/** How many rows {@link writeParquet} puts into a row group. */
export const ROW_GROUP = 100_000;
const CREATED_BY = "candlecast";

/** Writes columns of equal length as a sealed Parquet file. The same columns give the same bytes. */
export function writeParquet(columns: readonly ParquetColumn[]): Uint8Array {
  const file = beginFile(columns);
  file.add(columns);
  return file.end();
}

/**
 * As {@link writeParquet}, from parts that are made one after another, so that not all rows have to be in memory at once. Between
 * two parts other work has its turn.
 *
 * @param parts columns of equal length, in the order of `specs`; with {@link ROW_GROUP} rows in each but the last, the bytes
 *   are those of all rows written together
 */
export async function writeParquetParts(specs: readonly ColumnSpec[], parts: Iterable<readonly ParquetColumn[]>): Promise<Uint8Array> {
  const file = beginFile(specs);
  for (const columns of parts) {
    file.add(columns);
    await new Promise<void>((next) => setTimeout(next));
  }
  return file.end();
}

function beginFile(specs: readonly ColumnSpec[]) {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({ writer: bytes, schema: parquetSchemaOf(specs), ...UNSEALED });
  return {
    add: (columns: readonly ParquetColumn[]) => file.write({ columnData: columnData(columns), rowGroupSize: ROW_GROUP }),
    end() {
      file.finish();
      return seal(bytes.getBytes());
    },
  };
}

/**
 * As {@link writeParquet}, for more rows than fit in memory. Each chunk becomes a row group. The file has no seal.
 *
 * @param chunks columns of equal length, in the order of `specs`
 */
export async function* streamParquet(
  specs: readonly ColumnSpec[],
  chunks: AsyncIterable<readonly ParquetColumn[]>,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({ writer: bytes, schema: parquetSchemaOf(specs), createdBy: CREATED_BY });
  // The writer counts positions in the file with `offset`, so the buffer can be emptied after each chunk.
  const take = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  for await (const columns of chunks) {
    await file.write({ columnData: columnData(columns), rowGroupSize: ROW_GROUP });
    yield take();
  }
  await file.finish();
  yield take();
}

/** Values are made when the writer takes a column, and it takes one at a time: a value in a list takes three times as much memory. */
function columnData(columns: readonly ParquetColumn[]) {
  return columns.map(({ name, type, nullable, data }) => ({
    name,
    nullable,
    get data() {
      return toValues(type, nullable, data);
    },
  }));
}

function parquetSchemaOf(specs: readonly ColumnSpec[]): SchemaElement[] {
  return [
    { name: "root", num_children: specs.length },
    ...specs.map(({ name, type, nullable }) => ({
      name,
      repetition_type: nullable ? ("OPTIONAL" as const) : ("REQUIRED" as const),
      ...ELEMENTS[type],
    })),
  ];
}

function toValues(type: ColumnType, nullable: boolean, data: ParquetColumn["data"]): unknown[] | Float64Array | Int32Array {
  // As they are: in a list, each double would be an object.
  if (type === "double" && data instanceof Float64Array && !(nullable && data.some(Number.isNaN))) return data;
  if (type === "int32" && data instanceof Int32Array) return data;
  if (type === "string" && !nullable && Array.isArray(data)) return data;
  const isUnknown = (value: unknown) => nullable && (value === null || Number.isNaN(value));
  const encode = type === "timestamp" ? (ms: unknown) => BigInt(ms as number) : (value: unknown) => value;
  return Array.from(data as ArrayLike<unknown>, (value) => (isUnknown(value) ? null : encode(value)));
}

/** Rows of a file, from the first to before the last. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Columns as they are read: strings as strings, or null; all other types as doubles, null as NaN, and true as 1. */
export type ParquetData = Readonly<Record<string, Float64Array | (string | null)[]>>;

/**
 * Reads the columns of `specs` from a Parquet file of any codec. Other columns are ignored.
 *
 * @param subject names the file in errors
 * @throws {SchemaMismatchError} if a column is missing or of another type
 * @throws {CorruptObjectError} if the bytes can't be decoded, or are not those that were sealed
 */
export async function readParquet(
  subject: string,
  bytes: Uint8Array,
  specs: readonly ColumnSpec[],
): Promise<{ rows: number; columns: ParquetData }> {
  const { rows, read } = openParquet(subject, bytes, specs);
  return { rows, columns: await read({ from: 0, to: rows }) };
}

/** A Parquet file whose seal and columns were checked. */
export interface OpenParquet {
  readonly rows: number;
  /**
   * Decodes the row groups that some rows lie in.
   *
   * @throws {CorruptObjectError} if they can't be decoded
   */
  read(range: RowRange): Promise<ParquetData>;
}

/** As {@link readParquet}, for who reads a part after the other: the file is checked once. */
export function openParquet(subject: string, bytes: Uint8Array, specs: readonly ColumnSpec[]): OpenParquet {
  checkSeal(subject, bytes);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const metadata = decoding(subject, () => parquetMetadata(file));
  const present = new Map(parquetSchema(metadata).children.map(({ element }) => [element.name, element.type]));
  for (const { name, type } of specs) {
    if (present.get(name) !== ELEMENTS[type].type) {
      throw new SchemaMismatchError(`${subject}: column ${name} is ${present.get(name) ?? "missing"}, not ${ELEMENTS[type].type}`);
    }
  }
  const stored = Number(metadata.num_rows);
  if (!(stored >= 0 && stored <= MAX_ROWS_PER_BYTE * bytes.byteLength))
    throw new CorruptObjectError(`${subject} has ${bytes.byteLength} bytes, which can't hold the ${stored} rows that it claims`);
  const read = async (range: RowRange): Promise<ParquetData> => {
    const from = Math.min(range.from, stored);
    const to = Math.min(range.to, stored);
    const rows = Math.max(0, to - from);
    const columns: Record<string, Float64Array | (string | null)[]> = {};
    for (const { name, type } of specs) {
      columns[name] = type === "string" ? new Array<string | null>(rows).fill(null) : new Float64Array(rows).fill(Number.NaN);
    }
    try {
      await parquetRead({
        file,
        metadata,
        compressors,
        columns: specs.map(({ name }) => name),
        rowStart: from,
        rowEnd: to,
        onChunk: ({ columnName, columnData, rowStart }) => {
          const column = columns[columnName];
          for (let i = 0; i < columnData.length; i++) {
            const row = rowStart + i - from;
            if (row < 0 || row >= rows) continue;
            const value = columnData[i];
            const isNull = value === null || value === undefined;
            if (Array.isArray(column)) column[row] = isNull ? null : String(value);
            else column[row] = isNull ? Number.NaN : Number(value);
          }
        },
      });
    } catch (cause) {
      throw new CorruptObjectError(`${subject} can't be decoded as Parquet: ${(cause as Error).message}`, { cause });
    }
    return columns;
  };
  return { rows: stored, read };
}

/** The least and the greatest value of a column. */
export interface Bounds {
  readonly min: unknown;
  readonly max: unknown;
}

/**
 * What a Parquet file's own statistics say of its columns, without decoding a row; null where it has none of a column. Long texts may have
 * been cut.
 *
 * @param subject names the file in errors
 * @throws {CorruptObjectError} if the bytes are not a Parquet file, or are not those that were sealed
 */
export function readBounds(subject: string, bytes: Uint8Array, names: readonly string[]): Readonly<Record<string, Bounds>> | null {
  checkSeal(subject, bytes);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const { row_groups } = decoding(subject, () => parquetMetadata(file));
  const bounds: Record<string, Bounds> = {};
  for (const { columns } of row_groups) {
    for (const name of names) {
      const { min_value: min, max_value: max } =
        columns.find((column) => column.meta_data?.path_in_schema[0] === name)?.meta_data?.statistics ?? {};
      if (min === undefined || max === undefined) return null;
      const known = bounds[name] as { min: typeof min; max: typeof max } | undefined;
      bounds[name] = known ? { min: known.min < min ? known.min : min, max: known.max > max ? known.max : max } : { min, max };
    }
  }
  return row_groups.length > 0 ? bounds : null;
}

function decoding<T>(subject: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new CorruptObjectError(`${subject} is not a Parquet file: ${(cause as Error).message}`, { cause });
  }
}
