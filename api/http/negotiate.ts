import type { Context } from "hono";
import { accepts } from "hono/accepts";

/**
 * The form of an answer that the caller prefers.
 *
 * @param offered media types, the usual one first
 * @returns null if the caller accepts none of them
 */
export function negotiate<T extends string>(c: Context, offered: readonly [T, ...T[]]): T | null {
  const accept = c.req.header("Accept");
  if (!accept?.trim()) return offered[0];
  const found = accepts(c, { header: "Accept", supports: [...offered], default: "" });
  if (found !== "") return found as T;
  return /(^|,)\s*\*(\/\*)?\s*(;(?!\s*q=0(\.0*)?\s*(,|$))[^,]*)?(,|$)/.test(accept) ? offered[0] : null;
}
