import { OpenAPIHono } from "@hono/zod-openapi";
import { registerParts } from "./answers/schemas.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { createAllowedMethods } from "./http/allowed-methods.ts";
import { observeRequests } from "./http/observe-requests.ts";
import { problem } from "./http/problem.ts";
import { styleRoutes } from "./pages/page.ts";
import { docsRoutes } from "./routes/docs.ts";
import { healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { modelRoutes } from "./routes/models.ts";
import { reloadRoutes } from "./routes/reload.ts";
import { reportRoutes } from "./routes/report.ts";
import { symbolRoutes } from "./routes/symbol.ts";

/** The HTTP API, without a server that listens. */
export function createApp(deps: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  const { metrics, tracing = null } = deps;
  if (metrics) app.use(observeRequests({ metrics, tracing }));
  if (metrics) app.route("/", metricsRoutes(metrics));
  app.route("/", homeRoutes(deps));
  app.route("/", healthRoutes(deps));
  app.route("/", modelRoutes(deps));
  app.route("/", symbolRoutes(deps));
  app.route("/", reloadRoutes(deps));
  app.route("/", reportRoutes(deps));
  app.route("/", docsRoutes());
  app.route("/", styleRoutes());
  registerParts(app);
  app.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: {
      title: "candlecast",
      version: deps.codeVersion,
      description:
        "Predictions from the models of the newest manifest. Unknown values are null. Where no model beats its baseline, the baseline is served and labelled `no_skill`.",
      license: { name: "Apache-2.0" },
    },
  });
  const allowedMethods = createAllowedMethods(app.routes);
  app.notFound((c) => {
    const allowed = allowedMethods(c.req.path).join(", ");
    if (allowed) return problem(c, 405, `${c.req.method} is not allowed here; allowed are ${allowed}.`, { Allow: allowed });
    return problem(c, 404, `There is nothing at ${c.req.path.slice(0, 200)}; the routes are listed at /docs.`);
  });
  app.onError((error, c) => {
    deps.onError?.(error);
    return problem(c, 500, "The service failed on this request; see its log.");
  });
  return app;
}
