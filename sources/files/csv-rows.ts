import { pipeline } from "node:stream";
import { createGunzip, gunzipSync, constants as zlib } from "node:zlib";
import { parse } from "csv-parse";
import { InvalidCandleError } from "../../core/vocabulary/errors.ts";
import { type ByteSource, readHead } from "./byte-source.ts";
import { kindOfFile } from "./file-kind.ts";
import type { TableRow } from "./table.ts";

const DELIMITERS = [",", ";", "|", "\t"] as const;
/** Enough for the first lines. */
const HEAD_BYTES = 16_384;
/** A header may stand below lines that are none. */
const HEAD_LINES = 10;

/**
 * Rows of a CSV file, gzipped or not, with commas, semicolons, bars or tabs between the values. Rows without any value are left out.
 *
 * @throws {InvalidCandleError} naming file, line and reason where it is no CSV
 */
export async function* csvRows(source: ByteSource): AsyncGenerator<TableRow> {
  const { path } = source;
  const { isZipped, lines } = await readLines(source);
  const count = (delimiter: string) => Math.max(...lines.map((line) => line.split(delimiter).length));
  const delimiter = [...DELIMITERS].sort((a, b) => count(b) - count(a))[0];
  const parser = parse({ bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: 1_000_000 });
  const bytes = await source.open();
  // Errors reach whoever reads the parser.
  if (isZipped) pipeline(bytes, createGunzip(), parser, () => {});
  else pipeline(bytes, parser, () => {});
  let line = 0;
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      line = info.lines;
      if (record.some((cell) => /[^\s,;|]/.test(cell))) yield { line, cells: record };
    }
  } catch (cause) {
    throw isOfSystem(cause) ? cause : unreadable(path, line, cause as Error);
  } finally {
    bytes.destroy();
  }
}

/** The disk or the network failed, which another try may mend. Whatever else a library says of the bytes is final. */
function isOfSystem(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof InvalidCandleError || (typeof code === "string" && /^E[A-Z]{2,}$/.test(code));
}

function unreadable(path: string, after: number, cause: Error & { readonly lines?: number }): InvalidCandleError {
  const where = typeof cause.lines === "number" ? `line ${cause.lines}` : `after line ${after}`;
  return new InvalidCandleError(`${path}, ${where}: can't be read as CSV: ${cause.message}`, { cause });
}

async function readLines(source: ByteSource): Promise<{ isZipped: boolean; lines: readonly string[] }> {
  const head = await readHead(source, HEAD_BYTES);
  const isZipped = kindOfFile(head) === "gzip";
  try {
    const text = (isZipped ? gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH }) : head).toString("utf8");
    return { isZipped, lines: text.split(/\r?\n/, HEAD_LINES) };
  } catch (cause) {
    throw new InvalidCandleError(`${source.path}: is damaged: ${(cause as Error).message}`, { cause });
  }
}
