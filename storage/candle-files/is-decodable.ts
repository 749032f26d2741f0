import { Worker } from "node:worker_threads";
import type { Interval } from "../../core/candles/interval.ts";

/** A whole file of candles takes some milliseconds. */
const LIMIT_MS = 10_000;
const MAX_MB = 512;

/**
 * Whether bytes can be decoded as a candle file, found out on a thread of its own: a flipped bit in a length can make a decoder
 * count for ever, or ask for all memory.
 */
export async function isDecodable(
  bytes: Uint8Array,
  place: { readonly key: string; readonly symbol: string; readonly interval: Interval },
): Promise<boolean> {
  const thread = new Worker(new URL("./decode-thread.ts", import.meta.url), {
    workerData: { bytes, place },
    resourceLimits: { maxOldGenerationSizeMb: MAX_MB },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<boolean>((done) => {
      timer = setTimeout(() => done(false), LIMIT_MS);
      thread.once("message", (went: boolean) => done(went));
      thread.once("error", () => done(false));
      thread.once("exit", () => done(false));
    });
  } finally {
    clearTimeout(timer);
    await thread.terminate();
  }
}
