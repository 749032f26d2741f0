import type { z } from "@hono/zod-openapi";

/** A JSON answer, for a route's list of responses. */
export function jsonResponse<S extends z.ZodType>(schema: S, description: string, example: z.input<S>) {
  return { description, content: { "application/json": { schema, example } } };
}
