import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { answerValue } from "../answers/answer-schema.ts";
import { cacheControl } from "../answers/cache-control.ts";
import type { Edition } from "../answers/edition.ts";
import { exampleModels } from "../answers/examples.ts";
import { nothingToServe, unserved } from "../answers/find-symbol.ts";
import { entryHeadSchema, judgedModelSchema, modelList } from "../answers/schemas.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { answerPrepared, type Prepared, prepareJson } from "../http/prepared.ts";
import { limitProblems } from "../http/problem.ts";
import type { Served } from "../served/served.ts";

const modelsRoute = createRoute({
  method: "get",
  path: "/models",
  operationId: "getModels",
  tags: ["predictions"],
  summary: "Every model with metrics, skill and role",
  description: "Those that are served and those that are not, each with how it was judged.",
  responses: { ...limitProblems("/models"), 200: jsonResponse(modelList, "the models", exampleModels), 503: unserved("/models") },
});

/** Every model of the newest manifest. */
export function modelRoutes(deps: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(modelsRoute, (c) => {
    const edition = deps.edition();
    const answer = modelsAnswer(edition);
    return answer ? (answerPrepared(c, answer, cacheControl(edition, deps)) as never) : nothingToServe(c, edition);
  });
  return app;
}

/** The list's bytes; null where nothing is served. */
export function modelsAnswer(edition: Edition): Prepared | null {
  const { served } = edition;
  return served && edition.answer("models", () => prepareJson(describeModels(served)));
}

function describeModels({ manifest, symbols }: Served): z.infer<typeof modelList> {
  return {
    manifest: manifest.version,
    as_of: new Date(manifest.asOf).toISOString(),
    symbols: [...symbols.values()].map(({ entry }) => ({
      ...answerValue(entryHeadSchema, entry),
      models: answerValue(z.array(judgedModelSchema), entry.models),
    })),
  };
}
