import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { LiveRegistry } from "../served/live-registry.ts";

/** An error in the form of RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: "about:blank" }),
    title: z.string().openapi({ example: "Not Found" }),
    status: z.int().openapi({ example: 404 }),
    detail: z.string().openapi({ example: "There is no symbol FOO; known are BTC, HET." }),
    instance: z.string().openapi({ example: "/symbol/FOO" }),
  })
  .openapi("Problem");

const TITLES = {
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
  503: "Service Unavailable",
} as const;

type Status = keyof typeof TITLES;

/** Answers with `application/problem+json`. */
export function problem<S extends Status>(c: Context, status: S, detail: string, headers: Record<string, string> = {}) {
  const body: z.infer<typeof problemSchema> = { type: "about:blank", title: TITLES[status], status, detail, instance: c.req.path };
  return c.json(body, status, { ...headers, "Content-Type": "application/problem+json" });
}

/** The answer while there is no manifest to serve. */
export function nothingToServe(c: Context, registry: LiveRegistry) {
  return problem(c, 503, registry.problem() ?? "Nothing has been published yet.", { "Retry-After": "10" });
}

/** For a route's list of responses. */
export function problemResponse<S extends Status>(status: S, description: string, detail: string, instance: string) {
  const example: z.infer<typeof problemSchema> = { type: "about:blank", title: TITLES[status], status, detail, instance };
  return { description, content: { "application/problem+json": { schema: problemSchema, example } } };
}
