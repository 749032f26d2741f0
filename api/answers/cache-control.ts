import type { RouteDependencies } from "../dependencies.ts";
import type { Edition } from "./edition.ts";

/** Answers that a new manifest may replace at any moment are kept no longer than this, in seconds. */
const SECONDS_WHILE_DUE = 5;

/**
 * How long caches may keep an answer: until the next time that it changes by itself. Where a newer manifest is due, or something
 * is broken, only for some seconds.
 */
export function cacheControl({ status, validUntil }: Edition, { now, limits }: Pick<RouteDependencies, "now" | "limits">): string {
  const left = Math.floor((validUntil - now()) / 1000);
  const most = status.state === "fresh" ? limits.cacheSeconds : Math.min(limits.cacheSeconds, SECONDS_WHILE_DUE);
  return `public, max-age=${Math.max(0, Math.min(most, left))}`;
}
