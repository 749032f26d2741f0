import type { MiddlewareHandler } from "hono";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { problem } from "./problem.ts";

/** Paths that probes and scrapers ask for. */
const UNLIMITED: readonly string[] = ["/live", "/ready", "/health", "/metrics"];

/**
 * Answers 429 to a client with too many requests within a minute. A client is an address as the connection has it: a header that
 * anyone can send doesn't count.
 *
 * @param perMinute requests; 0: as many as it likes
 */
export function limitRate(perMinute: number): MiddlewareHandler {
  if (perMinute === 0) return (_c, next) => next();
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (c, next) => {
    if (UNLIMITED.includes(c.req.path)) return next();
    const { incoming } = (c.env ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
    try {
      await limiter.consume(incoming?.socket?.remoteAddress ?? "unknown");
    } catch (state) {
      if (state instanceof Error) throw state;
      const seconds = Math.max(1, Math.ceil((state as { msBeforeNext: number }).msBeforeNext / 1000));
      const detail = `More than ${perMinute} requests within a minute came from your address; try again in ${seconds} s.`;
      return problem(c, "too-many-requests", detail, { "Retry-After": String(seconds) });
    }
    return next();
  };
}
