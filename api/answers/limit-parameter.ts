import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { clip } from "../http/clip.ts";

export interface LimitBounds {
  readonly most: number;
  /** where none is given */
  readonly usual: number;
}

/** The query parameter `limit`, for a route's reference. @param what is counted */
export function limitParameter({ most, usual }: LimitBounds, what = "how many") {
  const description = `${what}, up to ${most}; ${usual} where it isn't given`;
  return z.string().optional().openapi({ description, example: usual, type: "integer", minimum: 1, maximum: most });
}

/** The asked `limit`, or as a sentence why it can't be used. */
export function readLimit(c: Context, { most, usual }: LimitBounds): number | string {
  const text = c.req.query("limit") ?? String(usual);
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) <= most) return Number(text);
  return limitWords(text, most);
}

export function limitWords(text: string, most: number): string {
  return `limit is ${JSON.stringify(clip(text, 40))}, but should be 1 to ${most}.`;
}
