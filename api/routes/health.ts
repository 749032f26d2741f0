import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { ApiDependencies } from "../app.ts";
import { problem, problemResponse } from "../problem.ts";
import { alive, health, ready } from "../schemas.ts";

const json = <S>(schema: S, description: string) => ({ description, content: { "application/json": { schema } } });

/** How the service is: health with the manifest's age, alive, ready. */
export function healthRoutes({ registry, now }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(
    createRoute({
      method: "get",
      path: "/health",
      summary: "Health, with the manifest's version and age",
      responses: { 200: json(health, "how it is") },
    }),
    (c) => {
      const served = registry.current();
      const trouble = registry.problem();
      const manifest = served && {
        version: served.manifest.version,
        created_at: served.manifest.createdAt,
        as_of: served.manifest.asOf,
        age_seconds: Math.max(0, (now() - Date.parse(served.manifest.createdAt)) / 1000),
      };
      return c.json(
        { status: trouble ? ("degraded" as const) : served ? ("ok" as const) : ("empty" as const), manifest, problem: trouble },
        200,
      );
    },
  );
  app.openapi(createRoute({ method: "get", path: "/live", summary: "Alive", responses: { 200: json(alive, "alive") } }), (c) =>
    c.json({ status: "alive" as const }, 200),
  );
  app.openapi(
    createRoute({
      method: "get",
      path: "/ready",
      summary: "Ready: a valid manifest is served",
      responses: { 200: json(ready, "ready"), 503: problemResponse("nothing to serve yet") },
    }),
    (c) => {
      const served = registry.current();
      if (!served) return problem(c, 503, registry.problem() ?? "Nothing has been published yet.", { "retry-after": "10" }) as never;
      return c.json({ status: "ready" as const, manifest: served.manifest.version }, 200);
    },
  );
  return app;
}
