import { setTimeout } from "node:timers/promises";
import { RateLimitedError } from "../core/vocabulary/errors.ts";
import type { CandleSource } from "./candle-source.ts";

/** Requests that leave evenly may still arrive a little closer to one another. */
const SLACK = 1.1;
/** From this share of what the service allows on, by its own headers, requests leave at half the pace … */
const SLOW_FROM = 0.85;
/** … and from this one on none leaves until the service's minute is over. */
const STOP_FROM = 0.95;
const MINUTE_MS = 60_000;
/** Whoever would wait longer for a service that refuses gives up its turn; the step is tried again when the wait is over. */
const LONGEST_HOLD_MS = 10_000;

export interface PaceOptions {
  /** This process's share of the source's limit, from 0 to 1: its part of all workers. */
  readonly share?: () => number;
  /** The wall clock, ms UTC. */
  readonly now?: () => number;
}

/**
 * The same source, asked by this process no oftener than its share of the limit, at even intervals. The task queue's limit, which holds
 * over all workers, counts steps, and is a token bucket: after a pause it hands out a second's steps at once.
 *
 * A service that answers "too many requests" is left alone by all requests of this process for as long as it says. One that tells how
 * much of its limit is used up is asked more slowly before that comes about, whoever else uses it up.
 *
 * @throws {RateLimitedError} instead of a request, if it would have to wait for long
 */
export function paceSource(source: CandleSource, { share = () => 1, now = Date.now }: PaceOptions = {}): CandleSource {
  let free = 0;
  let closedUntil = 0;
  let isSlow = false;

  const turn = async (signal: AbortSignal | undefined) => {
    // A service may have begun to refuse while a request waited for its turn.
    for (;;) {
      const time = performance.now();
      if (closedUntil - time > LONGEST_HOLD_MS)
        throw new RateLimitedError(`${source.name}: it takes no requests for a while, as it has said`, {
          retryAfterMs: Math.ceil(closedUntil - time),
        });
      const intervalMs = ((1000 / source.requestsPerSecond) * SLACK * (isSlow ? 2 : 1)) / share();
      const at = Math.max(time, free, closedUntil);
      free = at + intervalMs;
      if (at > time) await setTimeout(at - time, undefined, { signal });
      if (closedUntil <= performance.now()) return;
    }
  };

  const ask = async <T>(signal: AbortSignal | undefined, request: () => Promise<T>): Promise<T> => {
    await turn(signal);
    try {
      return await request();
    } catch (error) {
      if (error instanceof RateLimitedError && error.retryAfterMs !== null)
        closedUntil = Math.max(closedUntil, performance.now() + error.retryAfterMs);
      throw error;
    }
  };

  const { rankCoins } = source;
  return {
    ...source,
    async fetchPage(request, options) {
      const page = await ask(options?.signal, () => source.fetchPage(request, options));
      const used = page.used ?? 0;
      isSlow = used >= SLOW_FROM;
      if (used >= STOP_FROM) closedUntil = performance.now() + MINUTE_MS - ((page.servedAt ?? now()) % MINUTE_MS);
      return page;
    },
    ...(rankCoins && {
      rankCoins: (request, options) => ask(options?.signal, () => rankCoins.call(source, request, options)),
    }),
  };
}
