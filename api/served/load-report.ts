import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { parseReport } from "../../core/reports/parse-report.ts";
import { CorruptObjectError, SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import type { LoadedReport, LoadedSymbol } from "./served.ts";

/**
 * Reads a symbol's report. A broken report is not shown, and its symbol is served all the same. A report that is already
 * loaded with the former manifest is not read again.
 *
 * @throws {StoreUnavailableError} if the store can't be read
 */
export async function loadReport(reader: ObjectReader, { symbol, report: ref }: SymbolEntry, former?: LoadedSymbol): Promise<LoadedReport> {
  if (!ref) return { report: null, absent: `No report of ${symbol} was written with its models; the next training writes one.` };
  if (former?.report.report && former.entry.report?.sha256 === ref.sha256 && former.entry.report.key === ref.key) return former.report;
  try {
    const report = parseReport(await getVerified(reader, ref));
    if (report.symbol === symbol) return { report, absent: null };
    return { report: null, absent: `${ref.key} is a report of ${report.symbol}, not of ${symbol}.` };
  } catch (error) {
    if (!(error instanceof CorruptObjectError || error instanceof SchemaMismatchError)) throw error;
    return { report: null, absent: `The report of ${symbol} can't be shown: ${error.message}.` };
  }
}
