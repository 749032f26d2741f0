import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { exampleCandles, examplePredicted } from "../answers/example-predicted.ts";
import { findSymbol, symbolProblems } from "../answers/find-symbol.ts";
import { candlesBody, predictCandles, predictedAnswer } from "../answers/predict-candles.ts";
import { symbolParams } from "../answers/symbol-params.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { NOT_KEPT } from "../http/cache-words.ts";
import { clip } from "../http/clip.ts";
import { jsonResponse } from "../http/json-response.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";

const PATH = "/symbol/{symbol}/predict";
const AT = "/symbol/BTC/predict";

const predictRoute = createRoute({
  method: "post",
  path: PATH,
  operationId: "predictFromCandles",
  tags: ["predictions"],
  summary: "What the coin's models predict from candles of your own",
  description:
    "Features are computed from the candles that are sent, as the pipeline computes them: the same candles give the same prediction, to the last bit. Many features look back 200 candles and more; with fewer, the prediction is withheld.",
  request: {
    params: symbolParams,
    body: { required: true, content: { "application/json": { schema: candlesBody, example: exampleCandles } } },
  },
  responses: {
    ...limitProblems(PATH),
    200: jsonResponse(predictedAnswer, "the prediction", examplePredicted),
    400: problemResponse("bad-request", "the body is not JSON", "The body is not JSON.", AT),
    ...symbolProblems(PATH),
    413: problemResponse("body-too-large", "too large a body", "The body is larger than 4000000 bytes.", AT),
    415: problemResponse("unsupported-media-type", "the body is not declared as JSON", "Send the candles as application/json.", AT),
    422: problemResponse(
      "invalid-candles",
      "candles that can't be used, by time and reason",
      "The candle of 2020-12-30T00:00:00.000Z can't be used: off-grid.",
      AT,
    ),
  },
});

/** Predictions from the caller's candles. */
export function predictRoutes({ edition }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  // Read by hand: what is wrong with a body decides between three answers.
  const { request, ...described } = predictRoute;
  app.openAPIRegistry.registerPath({ ...described, request });
  app.post("/symbol/:symbol/predict", async (c) => {
    const { answer, found } = findSymbol(c, edition(), c.req.param("symbol"));
    if (answer) return answer;
    if (!/^application\/json\s*(;|$)/i.test(c.req.header("Content-Type") ?? ""))
      return problem(c, "unsupported-media-type", "Send the candles as application/json.");
    let sent: unknown;
    try {
      sent = JSON.parse(await c.req.text());
    } catch {
      return problem(c, "bad-request", "The body is not JSON.");
    }
    const parsed = candlesBody.safeParse(sent);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return problem(c, "invalid-candles", clip(`${issue.path.join(".") || "The body"}: ${issue.message}.`, 300));
    }
    try {
      return c.json(predictCandles(found.served, found.loaded, parsed.data), 200, NOT_KEPT);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      return problem(c, "invalid-candles", clip(`${error.message[0].toUpperCase()}${error.message.slice(1)}.`, 300));
    }
  });
  return app;
}
