import { lookup } from "node:dns/promises";
import { SourceDownError, SourceUnavailableError } from "../core/vocabulary/errors.ts";
import type { CandleSource } from "./candle-source.ts";

/** A source counts as down once it could not be reached for so long, by so many requests, without an answer in between. */
const DOWN_MS = 1_500;
const DOWN_REQUESTS = 3;
/** A source that is down is asked again after this time, by one request. */
const REST_MS = 15_000;

/** How long an answer of the name service holds. */
const LOOKUP_MS = 5_000;

/** Sources whose host names could not be resolved, by their names: with one of them down, this machine may be offline. */
export type NamelessSources = Set<string>;

export interface CircuitOptions {
  /** Shared by all sources of the process. */
  readonly nameless?: NamelessSources;
  /** A clock in ms. */
  readonly now?: () => number;
  /** Rejects where a host name can't be resolved. */
  readonly resolve?: (host: string) => Promise<unknown>;
}

/**
 * The same source, with one judgement for all coins of whether it can be reached: while it can't, requests fail at once instead of each
 * finding it out for itself. A service that answers, with whatever error, is reached. While another source's name can't be resolved, this one's
 * is looked up before anybody waits in its queue.
 */
export function breakCircuit(
  source: CandleSource,
  { nameless = new Set(), now = () => performance.now(), resolve = lookup }: CircuitOptions = {},
): CandleSource {
  const { name, host } = source;
  let failures: { readonly sinceMs: number; readonly count: number; readonly last: SourceUnavailableError } | null = null;
  let askAgainMs = 0;

  const isDown = (): boolean => failures !== null && failures.count >= DOWN_REQUESTS && now() - failures.sinceMs >= DOWN_MS;

  let looked: { readonly atMs: number; readonly found: Promise<boolean> } | null = null;
  const isResolved = (asked: string): Promise<boolean> => {
    if (looked === null || now() - looked.atMs > LOOKUP_MS)
      looked = {
        atMs: now(),
        found: resolve(asked).then(
          () => true,
          () => false,
        ),
      };
    return looked.found;
  };

  /** @throws {SourceDownError} */
  const assertClosed = (): void => {
    if (failures === null || !isDown() || now() >= askAgainMs) return;
    const [since, rest] = [now() - failures.sinceMs, askAgainMs - now()].map((ms) => Math.round(ms / 1000));
    const reason = failures.last.cause instanceof Error ? failures.last.cause.message : failures.last.message;
    throw new SourceDownError(
      `${name} has not been reached for ${since} s by ${failures.count} requests (${reason}), and is asked again in ${rest} s`,
    );
  };

  const reached = (): void => {
    failures = null;
    nameless.delete(name);
  };

  const guard = async <T>(ask: () => Promise<T>): Promise<T> => {
    assertClosed();
    // One request tries whether it is back; the others fail until it has.
    if (isDown()) askAgainMs = now() + REST_MS;
    try {
      const answer = await ask();
      reached();
      return answer;
    } catch (error) {
      if (error instanceof SourceUnavailableError && error.unreachable) {
        failures = { sinceMs: failures?.sinceMs ?? now(), count: (failures?.count ?? 0) + 1, last: error };
        if (isDown()) {
          askAgainMs = now() + REST_MS;
          if (error.nameless) nameless.add(name);
        }
        assertClosed();
      } else if ((error as Error).name !== "AbortError") reached();
      throw error;
    }
  };

  const { rankCoins } = source;
  return {
    ...source,
    async assertUp() {
      assertClosed();
      const isSuspect = host !== undefined && [...nameless].some((other) => other !== name);
      if (isSuspect && !(await isResolved(host)))
        throw new SourceDownError(
          `${name} can't be reached: its host name can't be resolved, nor that of ${[...nameless].join(", ")}; is this machine online?`,
        );
    },
    fetchPage: (request, options) => guard(() => source.fetchPage(request, options)),
    ...(rankCoins && { rankCoins: (request, options) => guard(() => rankCoins.call(source, request, options)) }),
  };
}
