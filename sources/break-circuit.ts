import { SourceDownError, SourceUnavailableError } from "../core/vocabulary/errors.ts";
import type { CandleSource } from "./candle-source.ts";

/** A source counts as down once it could not be reached for so long, by so many requests, without an answer in between. */
const DOWN_MS = 3_000;
const DOWN_REQUESTS = 3;
/** A source that is down is asked again after this time, by one request. */
const REST_MS = 15_000;

/**
 * The same source, with one judgement for all coins of whether it can be reached: while it can't, requests fail at once instead of each
 * finding it out for itself. A service that answers, with whatever error, is reached.
 *
 * @param now a clock in ms
 */
export function breakCircuit(source: CandleSource, now: () => number = () => performance.now()): CandleSource {
  let failures: { readonly sinceMs: number; readonly count: number; readonly last: SourceUnavailableError } | null = null;
  let askAgainMs = 0;

  const isDown = (): boolean => failures !== null && failures.count >= DOWN_REQUESTS && now() - failures.sinceMs >= DOWN_MS;

  /** @throws {SourceDownError} */
  const assertUp = (): void => {
    if (failures === null || !isDown() || now() >= askAgainMs) return;
    const [since, rest] = [now() - failures.sinceMs, askAgainMs - now()].map((ms) => Math.round(ms / 1000));
    throw new SourceDownError(
      `${failures.last.message}; ${source.name} has not been reached for ${since} s by ${failures.count} requests, and is asked again in ${rest} s`,
    );
  };

  const guard = async <T>(ask: () => Promise<T>): Promise<T> => {
    assertUp();
    // One request tries whether it is back; the others fail until it has.
    if (isDown()) askAgainMs = now() + REST_MS;
    try {
      const answer = await ask();
      failures = null;
      return answer;
    } catch (error) {
      if (error instanceof SourceUnavailableError && error.unreachable) {
        failures = { sinceMs: failures?.sinceMs ?? now(), count: (failures?.count ?? 0) + 1, last: error };
        if (isDown()) askAgainMs = now() + REST_MS;
        assertUp();
      } else if ((error as Error).name !== "AbortError") failures = null;
      throw error;
    }
  };

  const { rankCoins } = source;
  return {
    ...source,
    assertUp,
    fetchPage: (request, options) => guard(() => source.fetchPage(request, options)),
    ...(rankCoins && { rankCoins: (request, options) => guard(() => rankCoins.call(source, request, options)) }),
  };
}
