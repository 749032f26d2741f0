import type { Context } from "hono";
import { FOR_EVER, NOT_KEPT } from "./cache-words.ts";

/**
 * Answers with an object's bytes exactly as they are stored. Only those that their digest stands for may be kept, for ever.
 *
 * @param sha256 the digest that was asked for, in hex
 * @param isWhole whether the bytes have that digest
 */
export function answerStored(c: Context, bytes: Uint8Array, { sha256, isWhole }: { readonly sha256: string; readonly isWhole: boolean }) {
  const headers = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    ...(isWhole ? { "Cache-Control": FOR_EVER, ETag: `"${sha256}"` } : NOT_KEPT),
  };
  if (isWhole && c.req.header("If-None-Match")?.includes(`"${sha256}"`)) return c.body(null, 304, headers);
  return c.body(new Uint8Array(bytes), 200, { ...headers, "Content-Length": String(bytes.byteLength) });
}
