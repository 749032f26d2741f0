import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { ApiDependencies } from "../app.ts";
import { reloaded } from "../schemas.ts";

/** Looks for a newer manifest now, instead of at the next poll. */
export function reloadRoutes({ registry }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  for (const method of ["get", "post"] as const) {
    app.openapi(
      createRoute({
        method,
        path: "/reload",
        summary: "Look for a newer manifest now",
        responses: { 200: { description: "whether a newer one was found", content: { "application/json": { schema: reloaded } } } },
      }),
      async (c) => c.json(await registry.reload(), 200),
    );
  }
  return app;
}
