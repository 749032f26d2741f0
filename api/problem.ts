import { z } from "@hono/zod-openapi";
import type { Context } from "hono";

/** An error as RFC 9457 has it. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: "about:blank" }),
    title: z.string().openapi({ example: "Not Found" }),
    status: z.int().openapi({ example: 404 }),
    detail: z.string().openapi({ example: "There is no symbol FOO; known are BTC, HET." }),
    instance: z.string().openapi({ example: "/symbol/FOO" }),
  })
  .openapi("Problem");

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Answers with `application/problem+json`. */
export function problem(c: Context, status: 400 | 404 | 405 | 500 | 503, detail: string, headers: Record<string, string> = {}): Response {
  const body: z.infer<typeof problemSchema> = { type: "about:blank", title: TITLES[status], status, detail, instance: c.req.path };
  return c.body(JSON.stringify(body), status, { "content-type": "application/problem+json", ...headers });
}

/** For a route's list of responses. */
export function problemResponse(description: string) {
  return { description, content: { "application/problem+json": { schema: problemSchema } } };
}
