import { Hono } from "hono";
import type { ApiMetrics } from "../../telemetry/api-metrics.ts";

/** What Prometheus scrapes. */
export function metricsRoutes(metrics: ApiMetrics): Hono {
  const app = new Hono();
  app.get("/metrics", async (c) => {
    const { contentType, text } = await metrics.scrape();
    c.header("content-type", contentType);
    return c.body(text);
  });
  return app;
}
