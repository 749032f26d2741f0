import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { VERSION } from "../answers/examples.ts";
import { reloaded } from "../answers/schemas.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";

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
