import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import type { ApiMetrics } from "../../telemetry/api-metrics.ts";
import { formatTraceparent, parseTraceparent } from "../../telemetry/trace-context.ts";
import type { Tracing } from "../../telemetry/tracing.ts";

/** Routes that machines request every few seconds: counted, but not traced. */
const UNTRACED: readonly string[] = ["/metrics", "/health", "/live", "/ready"];

/**
 * Times each request by its route, and records it as a span in the caller's trace (`traceparent`); the response names the
 * span (`traceresponse`). Query, headers and body are recorded in neither, since they may contain secrets.
 */
export function observeRequests({ metrics, tracing }: { metrics: ApiMetrics; tracing: Tracing | null }): MiddlewareHandler {
  return async (c, next) => {
    const began = performance.now();
    const answer = async () => {
      await next();
      const route = routeOf(routePath(c, -1));
      metrics.request(c.req.method, route, c.res.status, (performance.now() - began) / 1000);
      return route;
    };
    if (!tracing || UNTRACED.includes(c.req.path)) {
      await answer();
      return;
    }
    const { method } = c.req;
    const attributes = { "http.request.method": method, "url.path": c.req.path.slice(0, 200) };
    await tracing.span(method, { kind: "SERVER", attributes, parent: parseTraceparent(c.req.header("traceparent")) }, async (span) => {
      const route = await answer();
      const { status } = c.res;
      span.updateName(`${method} ${route}`);
      span.setAttributes({ "http.route": route, "http.response.status_code": status });
      if (c.error) span.setAttribute("error.type", c.error.name);
      if (status >= 500) span.setStatus({ code: 2 });
      const { traceId, spanId } = span.spanContext();
      c.header("traceresponse", formatTraceparent({ traceId, spanId, sampled: span.isRecording() }));
    });
  };
}

/** The route as OpenAPI writes it, as `/symbol/{symbol}`; `none` for requests that no route answers. */
function routeOf(pattern: string): string {
  return pattern.includes("*") ? "none" : pattern.replace(/:(\w+)/g, "{$1}");
}
