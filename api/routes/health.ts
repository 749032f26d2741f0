import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { VERSION } from "../answers/examples.ts";
import { nothingToServe, sentence } from "../answers/find-symbol.ts";
import { alive, health, ready } from "../answers/schemas.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { NOT_KEPT } from "../http/cache-words.ts";
import { jsonResponse } from "../http/json-response.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";
import { SERVICE_STATES } from "../served/service-state.ts";

const healthRoute = createRoute({
  method: "get",
  path: "/health",
  operationId: "getHealth",
  tags: ["service"],
  summary: "What is served, in one word; the manifest's version and age; what is broken",
  description: "Always 200: it reports. `/ready` decides.",
  responses: {
    ...limitProblems("/health"),
    200: jsonResponse(health, "the health", {
      status: "fresh",
      detail: sentence(SERVICE_STATES.fresh),
      manifest: { version: VERSION, created_at: "2020-12-31T12:00:05.000Z", as_of: "2020-12-31T12:00:00.000Z", age_seconds: 3600 },
      coins: { served: 2, withheld: 0, older: 0, unreadable: 0 },
      faults: [],
    }),
  },
});

const liveRoute = createRoute({
  method: "get",
  path: "/live",
  operationId: "getLive",
  tags: ["service"],
  summary: "Alive",
  description: "As long as the process answers at all.",
  responses: { ...limitProblems("/live"), 200: jsonResponse(alive, "alive", { status: "alive" }) },
});

const readyRoute = createRoute({
  method: "get",
  path: "/ready",
  operationId: "getReady",
  tags: ["service"],
  summary: "Ready: something is served, and it was fresh not long ago",
  description: "Whether a balancer should send clients here.",
  responses: {
    ...limitProblems("/ready"),
    200: jsonResponse(ready, "ready", { status: "ready", service: "fresh", manifest: VERSION }),
    503: problemResponse(
      "nothing-published",
      "nothing to serve, nothing fresh for too long, or shutting down",
      "Nothing has been published yet.",
      "/ready",
    ),
  },
});

/** Health with the manifest's age, liveness and readiness. */
export function healthRoutes({ edition, now, limits, isDraining }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(healthRoute, (c) => {
    const { served, status, faults } = edition();
    const manifest = served && {
      version: served.manifest.version,
      created_at: served.manifest.createdAt,
      as_of: served.manifest.asOf,
      age_seconds: Math.max(0, (now() - Date.parse(served.manifest.createdAt)) / 1000),
    };
    const told = faults.map(({ kind, symbol, forClients }) => ({ kind, symbol, detail: forClients }));
    const { state, coins } = status;
    return c.json({ status: state, detail: sentence(SERVICE_STATES[state]), manifest, coins, faults: told }, 200, NOT_KEPT);
  });
  app.openapi(liveRoute, (c) => c.json({ status: "alive" } as const, 200, NOT_KEPT));
  app.openapi(readyRoute, (c) => {
    if (isDraining?.()) return problem(c, "draining", "The service is shutting down.", { "Retry-After": "5" });
    const current = edition();
    const { served, status } = current;
    if (!served || served.symbols.size === 0) return nothingToServe(c, current);
    if (status.since !== null && now() - status.since > limits.unreadySeconds * 1000) {
      const detail = `${sentence(SERVICE_STATES[status.state])} It has been so since ${new Date(status.since).toISOString()}.`;
      return problem(c, "nothing-fresh", detail, { "Retry-After": "60" });
    }
    return c.json({ status: "ready", service: status.state, manifest: served.manifest.version } as const, 200, NOT_KEPT);
  });
  return app;
}
