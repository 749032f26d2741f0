import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { ApiDependencies } from "../dependencies.ts";
import { VERSION } from "../examples.ts";
import { jsonResponse } from "../json-response.ts";
import { reloaded } from "../schemas.ts";

/** Looks for a newer manifest now, instead of at the next poll. */
export function reloadRoutes({ registry }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  for (const method of ["get", "post"] as const) {
    const route = createRoute({
      method,
      path: "/reload",
      operationId: `${method}Reload`,
      tags: ["service"],
      summary: "Look for a newer manifest now",
      responses: {
        200: jsonResponse(reloaded, "whether a newer one was found; why not, where one is broken, is in /health", {
          changed: true,
          version: VERSION,
        }),
      },
    });
    app.openapi(route, async (c) => c.json(await registry.reload(), 200));
  }
  return app;
}
