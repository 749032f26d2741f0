import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { VERSION } from "../answers/examples.ts";
import { alive, health, ready } from "../answers/schemas.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { nothingToServe, problemResponse } from "../http/problem.ts";

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  operationId: "getHealth",
  tags: ["service"],
  summary: "Health, with the manifest's version and age",
  responses: {
    200: jsonResponse(health, "the health", {
      status: "ok",
      manifest: { version: VERSION, created_at: "2020-12-31T12:00:05.000Z", as_of: "2020-12-31T12:00:00.000Z", age_seconds: 3600 },
      problem: null,
    }),
  },
});

const liveRoute = createRoute({
  method: "get",
  path: "/live",
  operationId: "getLive",
  tags: ["service"],
  summary: "Alive",
  responses: { 200: jsonResponse(alive, "alive", { status: "alive" }) },
});

const readyRoute = createRoute({
  method: "get",
  path: "/ready",
  operationId: "getReady",
  tags: ["service"],
  summary: "Ready: a valid manifest is served",
  responses: {
    200: jsonResponse(ready, "ready", { status: "ready", manifest: VERSION }),
    503: problemResponse(503, "nothing to serve yet", "Nothing has been published yet.", "/ready"),
  },
});

/** Health with the manifest's age, liveness and readiness. */
export function healthRoutes({ registry, now }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(healthRoute, (c) => {
    const served = registry.current();
    const problem = registry.problem();
    const manifest = served && {
      version: served.manifest.version,
      created_at: new Date(served.manifest.createdAt).toISOString(),
      as_of: new Date(served.manifest.asOf).toISOString(),
      age_seconds: Math.max(0, (now() - Date.parse(served.manifest.createdAt)) / 1000),
    };
    const status = problem ? "degraded" : served ? "ok" : "empty";
    return c.json({ status, manifest, problem } as const, 200);
  });
  app.openapi(liveRoute, (c) => c.json({ status: "alive" } as const, 200));
  app.openapi(readyRoute, (c) => {
    const served = registry.current();
    if (!served) return nothingToServe(c, registry);
    return c.json({ status: "ready", manifest: served.manifest.version } as const, 200);
  });
  return app;
}
