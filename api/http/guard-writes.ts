import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { problem } from "./problem.ts";

/**
 * Lets a request through that may change something: with the service's token where one is set, and never from a page of another
 * site.
 */
export function guardWrites(token: string | null): MiddlewareHandler {
  const wanted = token === null ? null : digest(token);
  return async (c, next) => {
    if (c.req.header("Sec-Fetch-Site") === "cross-site") return problem(c, "forbidden", "A page of another site may not ask for this.");
    if (wanted) {
      const given = /^Bearer +(\S+) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
      if (given === undefined || !timingSafeEqual(digest(given), wanted)) {
        return unauthorized(c);
      }
    }
    return next();
  };
}

/** A 401. @param more a sentence for whoever has no token to send */
export function unauthorized(c: Context, more = "") {
  const detail = `This needs the service's token: Authorization: Bearer …${more && `. ${more}`}`;
  return problem(c, "unauthorized", detail, { "WWW-Authenticate": 'Bearer realm="candlecast"' });
}

/** Of equal length whatever the token's, so that comparing takes the same time for each. */
function digest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
