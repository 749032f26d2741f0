import { ApplicationFailure } from "@temporalio/workflow";
import { INTERVALS } from "../core/vocabulary/interval.ts";
import type { ImportInput } from "./contract.ts";

const KNOWN = ["files", "symbol", "interval", "source", "dateOrder", "asOf"];
const MAX_FILES = 300;
/** All paths together, so that the input stays small. */
const MAX_PATHS = 40_000;

/**
 * Checks what an engineer typed for an import, and brings the symbol into upper case.
 *
 * @throws {ApplicationFailure} of type InvalidInput, not retried, naming the field and the value
 */
export function checkImportInput(input: ImportInput | undefined): ImportInput {
  const given: Partial<Record<string, unknown>> = { ...input };
  for (const name of Object.keys(given)) if (!KNOWN.includes(name)) refuse(name, given[name], `no field; known are ${KNOWN.join(", ")}`);
  const { files, symbol, interval, source, dateOrder, asOf } = given;
  if (!Array.isArray(files) || files.length === 0 || files.some((file) => typeof file !== "string" || file === ""))
    refuse("files", files, "a list of paths");
  const paths = files as string[];
  if (paths.length > MAX_FILES || paths.join("").length > MAX_PATHS)
    refuse("files", `${paths.length} paths`, `at most ${MAX_FILES}, of ${MAX_PATHS} characters together`);
  if (symbol !== undefined && (typeof symbol !== "string" || !/^[A-Za-z0-9]{1,15}$/.test(symbol)))
    refuse("symbol", symbol, "1 to 15 letters or digits");
  if (interval !== undefined && !(INTERVALS as readonly unknown[]).includes(interval))
    refuse("interval", interval, `one of ${INTERVALS.join(", ")}`);
  if (source !== undefined && (typeof source !== "string" || !/^[\w:.-]{1,60}$/.test(source)))
    refuse("source", source, "1 to 60 letters, digits, or one of : . - _");
  if (dateOrder !== undefined && dateOrder !== "dmy" && dateOrder !== "mdy") refuse("dateOrder", dateOrder, "dmy or mdy");
  if (asOf !== undefined && (typeof asOf !== "string" || !/^\d{4}-\d\d-\d\d/.test(asOf) || Number.isNaN(Date.parse(asOf))))
    refuse("asOf", asOf, "an ISO 8601 date or time, like 2025-07-29 or 2025-07-29T12:00:00Z");
  return { ...(input as ImportInput), ...(typeof symbol === "string" ? { symbol: symbol.toUpperCase() } : {}) };
}

function refuse(field: string, value: unknown, wanted: string): never {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? "nothing";
  throw ApplicationFailure.nonRetryable(`${field} is ${shown}, but should be ${wanted}`, "InvalidInput");
}
