import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { examplePrediction } from "../answers/examples.ts";
import { predictSymbol } from "../answers/predict-symbol.ts";
import { prediction } from "../answers/schemas.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { nothingToServe, problem, problemResponse } from "../http/problem.ts";

const params = z.object({
  symbol: z.string().openapi({ param: { name: "symbol", in: "path" }, example: "BTC", description: "in any case" }),
});

const symbolRoute = createRoute({
  method: "get",
  path: "/symbol/{symbol}",
  operationId: "getPrediction",
  tags: ["predictions"],
  summary: "The prediction: every model, the champion, interval, as-of candle, target candle, provenance",
  request: { params },
  responses: {
    200: jsonResponse(prediction, "the prediction", examplePrediction),
    404: problemResponse(404, "unknown symbol; the known ones are named", "There is no symbol FOO; known are BTC, HET.", "/symbol/FOO"),
    503: problemResponse(503, "nothing published yet", "Nothing has been published yet.", "/symbol/BTC"),
  },
});

/** The prediction for one symbol. */
export function symbolRoutes({ registry, now, runUrl, metrics }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(symbolRoute, (c) => {
    const served = registry.current();
    if (!served) return nothingToServe(c, registry);
    const name = c.req.valid("param").symbol.toUpperCase();
    const found = served.symbols.get(name);
    if (!found) {
      const known = [...served.symbols.keys()].join(", ");
      return problem(c, 404, `There is no symbol ${name.slice(0, 20)}; known are ${known}.`);
    }
    const { lineage, ...answer } = predictSymbol(served, found, now());
    metrics?.prediction(answer.symbol, answer.prediction.label, answer.prediction.reasons[0] ?? null);
    const url = runUrl?.(served.manifest.workflow) ?? null;
    return c.json({ ...answer, lineage: { ...lineage, workflow: { ...lineage.workflow, url } } }, 200);
  });
  return app;
}
