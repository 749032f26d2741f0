import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { getPath } from "hono/utils/url";
import { REQUEST_LIMITS } from "../core/vocabulary/request-limits.ts";
import { createEditions } from "./answers/edition.ts";
import { registerParts } from "./answers/schemas.ts";
import type { ApiDependencies, RouteDependencies } from "./dependencies.ts";
import { createAllowedMethods } from "./http/allowed-methods.ts";
import { clip } from "./http/clip.ts";
import { limitRate } from "./http/limit-rate.ts";
import { observeRequests } from "./http/observe-requests.ts";
import { problem, setBasePath } from "./http/problem.ts";
import { openApiDocument } from "./openapi.ts";
import { assetRoutes } from "./pages/assets.ts";
import { checkerRoutes } from "./routes/checker.ts";
import { coinRoutes } from "./routes/coin.ts";
import { docsRoutes } from "./routes/docs.ts";
import { eventRoutes } from "./routes/events.ts";
import { healthRoutes } from "./routes/health.ts";
import { historyRoutes } from "./routes/history.ts";
import { homeRoutes } from "./routes/home.ts";
import { manifestRoutes } from "./routes/manifests.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { modelRoutes } from "./routes/models.ts";
import { objectRoutes } from "./routes/objects.ts";
import { pipelineRunsRoutes } from "./routes/pipeline-runs.ts";
import { pointerRoutes } from "./routes/pointer.ts";
import { predictRoutes } from "./routes/predict.ts";
import { reloadRoutes } from "./routes/reload.ts";
import { reportRoutes } from "./routes/report.ts";
import { runsRoutes } from "./routes/runs.ts";
import { storedManifestRoutes } from "./routes/stored-manifest.ts";
import { symbolRoutes } from "./routes/symbol.ts";
import { symbolListRoutes } from "./routes/symbol-list.ts";
import { createCandleDays } from "./served/candle-days.ts";
import { createHistoryReader } from "./served/coin-history.ts";
import { createManifestArchive } from "./served/manifest-archive.ts";
import { warmAnswers } from "./warm-answers.ts";

/** The HTTP API, without a server that listens. */
export function createApp(dependencies: ApiDependencies): OpenAPIHono {
  const { metrics, tracing = null, basePath = "", registry, now, runUrl = () => null, isDraining } = dependencies;
  const limits = { ...REQUEST_LIMITS, ...dependencies.limits };
  const deps: RouteDependencies = {
    ...dependencies,
    limits,
    edition: createEditions({ registry, now, runUrl }),
    archive: createManifestArchive(registry.reader),
    history: createHistoryReader(registry.reader),
    days: createCandleDays(registry.reader, now),
  };
  const { edition } = deps;
  // After the look itself, so that nobody who waits for it waits for this.
  registry.subscribe(() => setImmediate(() => warmAnswers(edition())));
  const app = new OpenAPIHono({
    getPath: (request) => withoutBase(getPath(request), basePath),
    // A parameter that a schema refuses is the route's business, which knows what to say.
    defaultHook: (result, c) => {
      if (result.success) return;
      const [issue] = result.error.issues;
      return problem(c, "invalid-parameter", clip(`${issue.path.join(".") || "The request"}: ${issue.message}`, 300));
    },
  });
  if (metrics) app.use(observeRequests({ metrics, tracing }));
  app.use(async (c, next) => {
    if (isDraining?.()) c.header("Connection", "close");
    setBasePath(c, basePath);
    const { length } = c.req.raw.url;
    if (length > limits.urlLength)
      return problem(c, "uri-too-long", `The address has ${length} characters; up to ${limits.urlLength} are read.`);
    return next();
  });
  app.use(limitRate(limits.requestsPerMinute));
  const tooLarge = `The body is larger than ${limits.bodyBytes} bytes.`;
  app.use(bodyLimit({ maxSize: limits.bodyBytes, onError: (c) => problem(c, "body-too-large", tooLarge) }));
  if (metrics) app.route("/", metricsRoutes(metrics));
  app.route("/", homeRoutes(deps));
  app.route("/", runsRoutes(deps));
  app.route("/", healthRoutes(deps));
  app.route("/", modelRoutes(deps));
  app.route("/", symbolListRoutes(deps));
  app.route("/", symbolRoutes(deps));
  app.route("/", historyRoutes(deps));
  app.route("/", predictRoutes(deps));
  app.route("/", coinRoutes(deps));
  app.route("/", manifestRoutes(deps));
  app.route("/", storedManifestRoutes(deps));
  app.route("/", pointerRoutes(deps));
  app.route("/", objectRoutes(deps));
  app.route("/", reloadRoutes(deps));
  app.route("/", pipelineRunsRoutes(deps));
  app.route("/", eventRoutes(deps));
  app.route("/", reportRoutes(deps));
  app.route("/", docsRoutes());
  app.route("/", checkerRoutes(deps));
  app.route("/", assetRoutes());
  registerParts(app);
  app.doc31("/openapi.json", openApiDocument({ version: dependencies.codeVersion, basePath }));
  const allowedMethods = createAllowedMethods(app.routes);
  app.notFound((c) => {
    const { path, method } = c.req;
    const allowed = allowedMethods(path);
    if (allowed.length > 0 && !allowed.includes(method)) {
      const list = allowed.join(", ");
      return problem(c, "method-not-allowed", `${clip(method, 20)} is not allowed here; allowed are ${list}.`, { Allow: list });
    }
    const slashless = path.replace(/\/+$/, "");
    if (slashless !== path && ["GET", "HEAD"].includes(method) && allowedMethods(slashless).length > 0) {
      // Relative, so that it is right behind whatever proxy.
      return c.redirect(`../${encodeURIComponent(slashless.slice(slashless.lastIndexOf("/") + 1))}`, 308);
    }
    return problem(c, "not-found", `There is nothing at ${clip(path, 200)}; the routes are listed at /docs.`);
  });
  app.onError((error, c) => {
    dependencies.onError?.(error);
    return problem(c, "internal-error", "The service failed on this request; see its log.");
  });
  return app;
}

/** The path below the base; paths outside it, as they come from a proxy that has removed it, stay as they are. */
function withoutBase(path: string, base: string): string {
  if (base === "" || !path.startsWith(base)) return path;
  const rest = path.slice(base.length);
  return rest === "" ? "/" : rest.startsWith("/") ? rest : path;
}
