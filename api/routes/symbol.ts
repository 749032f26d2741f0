import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { MAX_HORIZON } from "../../core/vocabulary/horizon.ts";
import { cacheControl } from "../answers/cache-control.ts";
import { examplePrediction } from "../answers/examples.ts";
import { findSymbol, symbolProblems } from "../answers/find-symbol.ts";
import { prediction } from "../answers/schemas.ts";
import { symbolParams } from "../answers/symbol-params.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { clip } from "../http/clip.ts";
import { jsonResponse } from "../http/json-response.ts";
import { answerPrepared, prepareJson } from "../http/prepared.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";

const symbolRoute = createRoute({
  method: "get",
  path: "/symbol/{symbol}",
  operationId: "getPrediction",
  tags: ["predictions"],
  summary: "The prediction: every model, the champion, interval, as-of candle, target candle, provenance",
  description:
    "Where no model has skill, the baseline is served and labelled `no_skill`; where no answer can be given, its numbers are null and `reasons` tells why.",
  request: {
    params: symbolParams,
    query: z.object({
      horizon: z.string().optional().openapi({
        description: "candles ahead; only what is published is answered",
        example: 1,
        type: "integer",
        minimum: 1,
        maximum: MAX_HORIZON,
      }),
      interval: z
        .string()
        .max(10)
        .optional()
        .openapi({ description: "length of a candle; only what is published is answered", example: "1d" }),
    }),
  },
  responses: {
    ...limitProblems("/symbol/{symbol}"),
    200: jsonResponse(prediction, "the prediction", examplePrediction),
    ...symbolProblems("/symbol/{symbol}"),
    422: problemResponse(
      "invalid-parameter",
      "another horizon or interval than the published one, which is named",
      "horizon is 7, but published for BTC is horizon 1, interval 1d.",
      "/symbol/BTC",
    ),
  },
});

/** The prediction for one symbol. */
export function symbolRoutes(deps: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(symbolRoute, (c) => {
    const edition = deps.edition();
    const { answer, found } = findSymbol(c, edition, c.req.valid("param").symbol);
    if (answer) return answer;
    const { prediction } = found;
    const { symbol } = prediction;
    const asked = { horizon: c.req.query("horizon"), interval: c.req.query("interval") };
    for (const [name, value] of Object.entries(asked)) {
      if (value === undefined || value === String(prediction[name as keyof typeof asked])) continue;
      const published = `horizon ${prediction.horizon}, interval ${prediction.interval}`;
      return problem(c, "invalid-parameter", `${name} is ${JSON.stringify(clip(value, 20))}, but published for ${symbol} is ${published}.`);
    }
    deps.metrics?.prediction(symbol, prediction.prediction.label, prediction.prediction.reasons[0] ?? null);
    return answerPrepared(
      c,
      edition.answer(`symbol ${symbol}`, () => prepareJson(prediction)),
      cacheControl(edition, deps),
    ) as never;
  });
  return app;
}
