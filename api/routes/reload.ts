import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { ApiDependencies } from "../dependencies.ts";
import { VERSION } from "../examples.ts";
import { jsonResponse } from "../json-response.ts";
import { reloaded } from "../schemas.ts";

/** Polls for a newer manifest now, not at the next scheduled poll. */
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
        200: jsonResponse(reloaded, "whether a newer one was found; if the newest is broken, /health tells why", {
          changed: true,
          version: VERSION,
        }),
      },
    });
    app.openapi(route, async (c) => c.json(await registry.reload(), 200));
  }
  return app;
}
