import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip, gunzipSync, constants as zlib } from "node:zlib";
import { parse } from "csv-parse";
import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import type { TableRow } from "./table.ts";

const DELIMITERS = [",", ";", "|", "\t"] as const;
/** Enough for a first line. */
const HEAD_BYTES = 16_384;

/**
 * Rows of a CSV file, gzipped or not, with commas, semicolons, bars or tabs between the values.
 *
 * @throws {InvalidCandleError} naming file and line where it is no CSV
 */
export async function* csvRows(path: string): AsyncGenerator<TableRow> {
  const { isZipped, firstLine } = await readHead(path);
  const delimiter = [...DELIMITERS].sort((a, b) => firstLine.split(b).length - firstLine.split(a).length)[0];
  const parser = parse({ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: 1_000_000 });
  const bytes = createReadStream(path);
  // Errors reach whoever reads the parser.
  if (isZipped) pipeline(bytes, createGunzip(), parser, () => {});
  else pipeline(bytes, parser, () => {});
  let line = 0;
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      line = info.lines;
      yield { line, cells: record };
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code && !code.startsWith("CSV_") && !code.startsWith("Z_")) throw cause;
    throw new InvalidCandleError(`${path}, after line ${line}: can't be read as CSV: ${message}`, { cause });
  } finally {
    bytes.destroy();
  }
}

async function readHead(path: string): Promise<{ isZipped: boolean; firstLine: string }> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.subarray(0, bytesRead);
    const isZipped = head[0] === 0x1f && head[1] === 0x8b;
    const text = (isZipped ? gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }) : head).toString("utf8");
    return { isZipped, firstLine: text.split(/\r?\n/, 1)[0] };
  } catch (cause) {
    if (!(cause as NodeJS.ErrnoException).code?.startsWith("Z_")) throw cause;
    throw new InvalidCandleError(`${path}: is damaged: ${(cause as Error).message}`, { cause });
  } finally {
    await file.close();
  }
}
