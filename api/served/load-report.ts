import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { parseReport } from "../../core/reports/parse-report.ts";
import { SchemaMismatchError } from "../../core/vocabulary/errors.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { type Fault, faultOf } from "./faults.ts";
import { isLasting } from "./lasting.ts";
import type { LoadedReport, LoadedSymbol } from "./served.ts";

/**
 * Reads a symbol's report. A broken report is not shown, and its symbol is served all the same. A report that is already
 * loaded with the former manifest is not read again.
 *
 * @throws {StoreUnavailableError} if the store can't be read
 */
export async function loadReport(
  reader: ObjectReader,
  { symbol, report: ref }: SymbolEntry,
  former?: LoadedSymbol,
): Promise<{ readonly report: LoadedReport; readonly faults: readonly Fault[] }> {
  if (!ref) return { report: none(`No report of ${symbol} was written with its models; the next training writes one.`), faults: [] };
  if (former?.report.report && former.entry.report?.sha256 === ref.sha256 && former.entry.report.key === ref.key)
    return { report: former.report, faults: [] };
  try {
    const report = parseReport(await getVerified(reader, ref));
    if (report.symbol !== symbol) throw new SchemaMismatchError(`${ref.key} is a report of ${report.symbol}, not of ${symbol}`);
    return { report: { report, absent: null }, faults: [] };
  } catch (error) {
    if (!isLasting(error)) throw error;
    return {
      report: none(`The report of ${symbol} can't be read; the next training writes a new one.`),
      faults: [faultOf("report", error, symbol)],
    };
  }
}

function none(absent: string): LoadedReport {
  return { report: null, absent };
}
