import type { Retry } from "./run-view.ts";

/** What is tried again, the same step for the same reason on one line, whatever it is done for. */
export function retryLines(retries: readonly Retry[]): string[] {
  return [...alike(retries).values()].map(lineOf);
}

/** What is tried again and was not at the picture before: a source that can't be reached is told once, not for each coin and attempt. */
export function newRetryLines(before: readonly Retry[], now: readonly Retry[]): string[] {
  const told = alike(before);
  return [...alike(now)].filter(([kind]) => !told.has(kind)).map(([, retries]) => lineOf(retries));
}

function alike(retries: readonly Retry[]): Map<string, Retry[]> {
  return Map.groupBy(retries, ({ step, reason }) => `${step}\n${withoutSubject(reason)}`);
}

function lineOf(retries: readonly Retry[]): string {
  const { step, attempt, reason } = retries.reduce((most, retry) => (retry.attempt > most.attempt ? retry : most));
  return `${step}, attempt ${attempt}: ${reason}${retries.length > 1 ? ` (and ${retries.length - 1} more alike)` : ""}`;
}

/** `binance, BTC 1d: …` as `binance: …`, and `KEY in s3://bucket: …` as `s3://bucket: …`. */
function withoutSubject(reason: string): string {
  return reason.replace(/^([\w-]+), [^:]+: /, "$1: ").replace(/^\S+ in (\S+): /, "$1: ");
}
