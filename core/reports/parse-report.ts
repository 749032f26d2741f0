import { parseDocument } from "../vocabulary/parse-document.ts";
import { type SymbolReport, symbolReportSchema } from "./report.ts";

/**
 * Reads a stored report strictly.
 *
 * @throws {CorruptObjectError} if the bytes are not JSON
 * @throws {SchemaMismatchError} naming the first field that is wrong
 */
export function parseReport(bytes: Uint8Array): SymbolReport {
  return parseDocument(bytes, { name: "report", schema: symbolReportSchema, maxBytes: 4 * 1024 * 1024 });
}
