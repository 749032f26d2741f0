import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { ApiDependencies } from "../app.ts";
import { problem, problemResponse } from "../problem.ts";
import { modelList } from "../schemas.ts";

/** Every model of the newest manifest. */
export function modelRoutes({ registry }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(
    createRoute({
      method: "get",
      path: "/models",
      summary: "Every model with metrics, skill and role",
      responses: {
        200: { description: "the models", content: { "application/json": { schema: modelList } } },
        503: problemResponse("nothing published yet"),
      },
    }),
    (c) => {
      const served = registry.current();
      if (!served) return problem(c, 503, registry.problem() ?? "Nothing has been published yet.", { "retry-after": "10" }) as never;
      const symbols = Object.values(served.manifest.symbols).map(({ symbol, simulated, status, staleReason, models }) => ({
        symbol,
        simulated,
        status,
        stale_reason: staleReason,
        models: models.map(({ name, scope, task, role, reason, n, metrics, skill, groupSkill, file }) => ({
          name,
          scope,
          task,
          role,
          reason,
          n,
          metrics,
          skill,
          group_skill: groupSkill,
          file,
        })),
      }));
      return c.json({ manifest: served.manifest.version, as_of: served.manifest.asOf, symbols }, 200);
    },
  );
  return app;
}
