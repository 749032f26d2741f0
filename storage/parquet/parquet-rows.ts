import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { InvalidCandleError } from "../../core/vocabulary/errors.ts";

/** Rows decoded at a time. */
const CHUNK = 20_000;

/**
 * Rows of any Parquet file, decoded as they are consumed: first the column names, then each row's values in that order.
 *
 * @throws {InvalidCandleError} naming the file, if it is not a Parquet file
 */
export async function* parquetRows(path: string): AsyncGenerator<{ line: number; cells: unknown[] }> {
  const damaged = (cause: unknown) => new InvalidCandleError(`${path} can't be read as Parquet: ${(cause as Error).message}`, { cause });
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file).catch((cause: unknown) => {
    throw damaged(cause);
  });
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  yield { line: 0, cells: names };
  const rows = Number(metadata.num_rows);
  for (let from = 0; from < rows; from += CHUNK) {
    const objects = await parquetReadObjects({ file, metadata, compressors, rowStart: from, rowEnd: Math.min(from + CHUNK, rows) }).catch(
      (cause: unknown) => {
        throw damaged(cause);
      },
    );
    for (const [i, object] of objects.entries()) yield { line: from + i + 1, cells: names.map((name) => object[name]) };
  }
}
