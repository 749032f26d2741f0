import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { cacheControl } from "../answers/cache-control.ts";
import type { Edition } from "../answers/edition.ts";
import { exampleSymbols } from "../answers/example-symbols.ts";
import { nothingToServe, unserved } from "../answers/find-symbol.ts";
import { describeSymbols, symbolList } from "../answers/symbol-list.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { answerPrepared, type Prepared, prepareJson } from "../http/prepared.ts";
import { limitProblems } from "../http/problem.ts";

const listRoute = createRoute({
  method: "get",
  path: "/symbol",
  operationId: "getSymbols",
  tags: ["predictions"],
  summary: "Every coin with what is served for it, and its newest closes",
  description: "A coin whose answer is withheld has null numbers, and the reasons.",
  responses: { ...limitProblems("/symbol"), 200: jsonResponse(symbolList, "the coins", exampleSymbols), 503: unserved("/symbol") },
});

/** The coins that are served. */
export function symbolListRoutes(deps: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(listRoute, (c) => {
    const edition = deps.edition();
    const answer = symbolListAnswer(edition);
    return answer ? (answerPrepared(c, answer, cacheControl(edition, deps)) as never) : nothingToServe(c, edition);
  });
  return app;
}

/** The list's bytes; null where nothing is served. */
export function symbolListAnswer(edition: Edition): Prepared | null {
  if (edition.predictions.size === 0) return null;
  return edition.answer("symbols", () => prepareJson(describeSymbols(edition)));
}
