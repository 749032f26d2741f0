/** What a file is by its first bytes. */
export type FileKind = "csv" | "gzip" | "parquet" | "zip" | { readonly refused: string };

/** Formats that hold no table of this program, by their first bytes (as Latin-1). */
const OTHERS: readonly (readonly [string, string])[] = [
  ["ARROW1", "an Arrow or Feather file; write it as Parquet or CSV"],
  ["FEA1", "a Feather file; write it as Parquet or CSV"],
  ["\xd0\xcf\x11\xe0", "an Excel workbook; save it as CSV"],
  ["BZh", "compressed by bzip2; unpack it, or compress it by gzip"],
  ["\xfd7zXZ", "compressed by xz; unpack it, or compress it by gzip"],
  ["\x28\xb5\x2f\xfd", "compressed by zstd; unpack it, or compress it by gzip"],
  ["7z\xbc\xaf", "a 7z archive; unpack it"],
  ["Rar!", "a RAR archive; unpack it"],
  ["%PDF", "a PDF document"],
  ["SQLite format 3", "an SQLite database; export its table as CSV"],
  ["\x89HDF", "an HDF5 file; write it as Parquet or CSV"],
  ["\x93NUMPY", "a NumPy array; write it as Parquet or CSV"],
];

/** As much as has to be known of a file's beginning. */
export const KIND_BYTES = 512;

/** @param head the first {@link KIND_BYTES} bytes, or all of a shorter file */
export function kindOfFile(head: Buffer): FileKind {
  const latin = head.toString("latin1");
  if (latin.startsWith("PAR1")) return "parquet";
  if (latin.startsWith("PK\x03\x04") || latin.startsWith("PK\x05\x06")) return "zip";
  if (latin.startsWith("\x1f\x8b")) return "gzip";
  const other = OTHERS.find(([mark]) => latin.startsWith(mark));
  if (other) return { refused: other[1] };
  const text = latin.replace(/^(?:\xef\xbb\xbf)?\s+|^\xef\xbb\xbf/, "");
  if (/^[[{]/.test(text)) return { refused: "JSON; write it as CSV or Parquet" };
  if (/^<(?:!doctype|html|\?xml)/i.test(text))
    return { refused: "a web page or XML, as servers send instead of a file that they don't have" };
  if (latin.startsWith("\xff\xfe") || latin.startsWith("\xfe\xff")) return { refused: "UTF-16 text; save it as UTF-8" };
  if (head.includes(0)) return { refused: "no text: it holds zero bytes" };
  return "csv";
}
