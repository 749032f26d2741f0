import type { Retry } from "./run-view.ts";

/** What is being retried: one line for each step and reason, however many symbols it affects. */
export function retryLines(retries: readonly Retry[]): string[] {
  return [...alike(retries).values()].map(lineOf);
}

/** Retries that are new since the last view: an unreachable source gets one line, not one for each coin and attempt. */
export function newRetryLines(before: readonly Retry[], now: readonly Retry[]): string[] {
  const known = alike(before);
  return [...alike(now)].filter(([kind]) => !known.has(kind)).map(([, retries]) => lineOf(retries));
}

function alike(retries: readonly Retry[]): Map<string, Retry[]> {
  return Map.groupBy(retries, ({ step, reason }) => `${step}\n${withoutSubject(reason)}`);
}

function lineOf(retries: readonly Retry[]): string {
  const { step, attempt, reason } = retries.reduce((most, retry) => (retry.attempt > most.attempt ? retry : most));
  return `${step}, attempt ${attempt}: ${reason}${retries.length > 1 ? ` (and ${retries.length - 1} more like it)` : ""}`;
}

/** `binance, BTC 1d: …` as `binance: …`, and `KEY in s3://bucket: …` as `s3://bucket: …`. */
function withoutSubject(reason: string): string {
  return reason.replace(/^([\w-]+), [^:]+: /, "$1: ").replace(/^\S+ in (\S+): /, "$1: ");
}
