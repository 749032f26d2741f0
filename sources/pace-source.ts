import { setTimeout } from "node:timers/promises";
import type { CandleSource } from "./candle-source.ts";

/** Requests that leave evenly may still arrive a little closer to one another. */
const SLACK = 1.1;

/**
 * The same source, asked by this process no oftener than its limit, at even intervals. The task queue's limit, which holds over all
 * workers, is a token bucket: after a pause it hands out a second's requests at once, and then those of the second that begins.
 */
export function paceSource(source: CandleSource): CandleSource {
  const intervalMs = (1000 / source.requestsPerSecond) * SLACK;
  let free = 0;
  const turn = async (signal: AbortSignal | undefined) => {
    const now = performance.now();
    const at = Math.max(now, free);
    free = at + intervalMs;
    if (at > now) await setTimeout(at - now, undefined, { signal });
  };
  const { rankCoins } = source;
  return {
    ...source,
    async fetchPage(request, options) {
      await turn(options?.signal);
      return source.fetchPage(request, options);
    },
    ...(rankCoins && {
      async rankCoins(request, options) {
        await turn(options?.signal);
        return rankCoins.call(source, request, options);
      },
    }),
  };
}
