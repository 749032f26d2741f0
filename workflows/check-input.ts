import { ApplicationFailure } from "@temporalio/workflow";
import { MAX_SYMBOLS, topCount } from "../core/universe/selector.ts";
import { INTERVALS } from "../core/vocabulary/interval.ts";
import { type BackfillInput, MAX_PARALLELISM, type PipelineInput } from "./contract.ts";

const SYMBOL = /^[A-Z0-9]{1,15}$/;
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Checks what an engineer typed and brings symbols into upper case.
 *
 * @throws {ApplicationFailure} of type InvalidInput, not retried, naming the field and the value
 */
export function checkPipelineInput(input: PipelineInput | undefined): PipelineInput {
  const given = checkFields("pipeline", input ?? {}, [
    "symbols",
    "interval",
    "asOf",
    "horizon",
    "scope",
    "source",
    "parallelism",
    "trigger",
  ]);
  if (given.symbols !== undefined) checkSymbols(given.symbols);
  checkInterval(given.interval);
  checkTime("asOf", given.asOf);
  checkCount("horizon", given.horizon, 365);
  checkCount("parallelism", given.parallelism, MAX_PARALLELISM);
  if (given.scope !== undefined && !["pooled", "coin", "both"].includes(given.scope as string)) {
    refuse("scope", given.scope, "one of pooled, coin, both");
  }
  checkText("source", given.source);
  checkText("trigger", given.trigger);
  return { ...given, ...(given.symbols ? { symbols: upperUnique(given.symbols as string[]) } : {}) } as PipelineInput;
}

/** As {@link checkPipelineInput}, for a backfill; what a continue-as-new carries passes through. */
export function checkBackfillInput<T extends BackfillInput>(input: T | undefined): T {
  const given = checkFields("backfill", input ?? {}, [
    "symbols",
    "interval",
    "from",
    "to",
    "source",
    "parallelism",
    "staleBefore",
    "windowCandles",
    "carried",
  ]);
  if (given.symbols === undefined) refuse("symbols", undefined, 'a list of symbols like ["BTC"]');
  checkSymbols(given.symbols);
  checkInterval(given.interval);
  checkTime("from", given.from);
  checkTime("to", given.to);
  if (given.from !== undefined && given.to !== undefined && Date.parse(given.from as string) >= Date.parse(given.to as string)) {
    refuse("from", given.from, `before to (${given.to})`);
  }
  checkCount("parallelism", given.parallelism, MAX_PARALLELISM);
  checkTime("staleBefore", given.staleBefore);
  checkCount("windowCandles", given.windowCandles, 1000);
  checkText("source", given.source);
  return { ...given, symbols: upperUnique(given.symbols as string[]) } as unknown as T;
}

function checkFields(workflow: string, input: unknown, known: readonly string[]): Record<string, unknown> {
  if (typeof input !== "object" || input === null || Array.isArray(input)) refuse("input", input, "one object");
  for (const name of Object.keys(input as object)) {
    if (!known.includes(name))
      refuse(name, (input as Record<string, unknown>)[name], `no field of ${workflow}; known are ${known.join(", ")}`);
  }
  return input as Record<string, unknown>;
}

function checkSymbols(symbols: unknown): void {
  if (!Array.isArray(symbols) || symbols.length === 0) refuse("symbols", symbols, 'a list of symbols like ["BTC"]');
  if ((symbols as unknown[]).length > MAX_SYMBOLS)
    refuse("symbols", `${(symbols as unknown[]).length} symbols`, `at most ${MAX_SYMBOLS} symbols`);
  for (const symbol of symbols as unknown[]) {
    if (typeof symbol !== "string" || (topCount(symbol) === null && !SYMBOL.test(symbol.toUpperCase())))
      refuse("symbols", symbol, `1 to 15 letters or digits each, or top:N with N up to ${MAX_SYMBOLS}`);
  }
}

function checkInterval(interval: unknown): void {
  if (interval !== undefined && !(INTERVALS as readonly unknown[]).includes(interval)) {
    refuse("interval", interval, `one of ${INTERVALS.join(", ")}`);
  }
}

function checkTime(field: string, time: unknown): void {
  if (time === undefined) return;
  if (typeof time !== "string" || !ISO_TIME.test(time) || Number.isNaN(Date.parse(time))) {
    refuse(field, time, "an ISO 8601 date or time with a zone, like 2020-12-31 or 2020-12-31T12:00:00Z");
  }
}

/** @throws {ApplicationFailure} of type InvalidInput, if a value can't be a parallelism */
export function checkParallelism(value: unknown): asserts value is number {
  checkCount("parallelism", value ?? 0, MAX_PARALLELISM);
}

function checkCount(field: string, value: unknown, most: number): void {
  if (value === undefined) return;
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most)
    refuse(field, value, `a whole number from 1 to ${most}`);
}

function checkText(field: string, value: unknown): void {
  if (value !== undefined && (typeof value !== "string" || value.length === 0 || value.length > 100)) {
    refuse(field, value, "a text of at most 100 characters");
  }
}

function upperUnique(symbols: readonly string[]): string[] {
  return [...new Set(symbols.map((symbol) => symbol.toUpperCase()))];
}

function refuse(field: string, value: unknown, wanted: string): never {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? "nothing";
  throw ApplicationFailure.nonRetryable(`${field} is ${shown}, but should be ${wanted}`, "InvalidInput");
}
