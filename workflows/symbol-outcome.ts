import type { BuiltFeatures } from "../activities/ingest/build-features.ts";
import { jumpText } from "../core/candles/suspect-jump-text.ts";
import { type FailedTrainings, trainingFailure } from "../core/evaluation/group-key.ts";
import { NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import type { ObjectRef } from "../core/vocabulary/object-ref.ts";
import { isSimulated } from "../core/vocabulary/symbol.ts";
import type { SymbolResult } from "./contract.ts";

/** What the steps after ingestion need to know of a symbol. */
export interface SymbolOutcome {
  readonly result: SymbolResult;
  /** The stored description of candles and features; null where the symbol failed. */
  readonly snapshot: ObjectRef | null;
}

/** A symbol's outcome as a run remembers it. */
export interface SymbolBrief extends Pick<SymbolResult, "symbol" | "status" | "error" | "source" | "rows"> {
  readonly requests: number;
}

export function briefOf({ result: { symbol, status, error, source, rows, counts } }: SymbolOutcome): SymbolBrief {
  return { symbol, status, error, source, rows, requests: counts.requests };
}

/** The same after the training: a symbol whose group could not be trained has failed. */
export function afterTraining(outcome: SymbolOutcome, failed: FailedTrainings): SymbolOutcome {
  const { result, snapshot } = outcome;
  const error = snapshot && trainingFailure(result.symbol, failed);
  return error === null ? outcome : { result: { ...result, status: "failed", error }, snapshot: null };
}

/** The result of a symbol that failed, as far as it is remembered. */
export function briefResult({ symbol, error, source, requests }: SymbolBrief): SymbolResult {
  return failedOutcome(symbol, { ...NOTHING_FETCHED, source, counts: { ...NO_COUNTS, requests } }, error ?? "").result;
}

/** What is known of a symbol before its features are. */
export type Fetched = Pick<SymbolResult, "source" | "counts" | "seconds">;

export const NOTHING_FETCHED: Fetched = { source: null, counts: NO_COUNTS, seconds: { ingest: 0, features: 0 } };

export function readyOutcome(symbol: string, fetched: Fetched, { snapshot, candles }: BuiltFeatures): SymbolOutcome {
  return { snapshot, result: { ...unknownResult(symbol), ...fetched, ...candles, status: "ok" } };
}

/** @param error as a sentence */
export function failedOutcome(symbol: string, fetched: Fetched, error: string): SymbolOutcome {
  return { snapshot: null, result: { ...unknownResult(symbol), ...fetched, error } };
}

/** Why a symbol has no candles, as a sentence. @param reasons of its sources, in their order */
export function noCandles(symbol: string, reasons: readonly string[]): string {
  return `${symbol}: no candles could be fetched: ${reasons.join("; ")}`;
}

/** What became of a symbol's candles: what was stored, and why other rows were not. @param passed what sources before said */
export function outcomeLines(
  { symbol, source, rows, missing, firstOpenTime, lastOpenTime, suspectJumps, counts }: SymbolResult,
  passed: readonly string[],
): string[] {
  const dirt = Object.entries({ ...counts.dropped, ...counts.rejected }).map(([reason, n]) => `- ${n} rows not stored: ${reason}`);
  return [
    `**${symbol}: ${rows} candles from ${firstOpenTime?.slice(0, 16)} to ${lastOpenTime?.slice(0, 16)}, from ${source}**`,
    "",
    `${counts.added} added, ${counts.revised} revised, ${missing} missing in between; ${counts.requests} requests, ${counts.received} rows received.`,
    "",
    ...passed.map((reason) => `- ${reason}`),
    ...(suspectJumps ?? []).map((jump) => `- suspect_jump ${jumpText(jump)}`),
    ...dirt,
  ];
}

function unknownResult(symbol: string): SymbolResult {
  return {
    ...NOTHING_FETCHED,
    symbol,
    status: "failed",
    error: null,
    simulated: isSimulated(symbol),
    rows: 0,
    missing: 0,
    firstOpenTime: null,
    lastOpenTime: null,
  };
}
