import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { answerValue } from "../answers/answer-schema.ts";
import { exampleModels } from "../answers/examples.ts";
import { entryHeadSchema, judgedModelSchema, modelList } from "../answers/schemas.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { nothingToServe, problemResponse } from "../http/problem.ts";

const modelsRoute = createRoute({
  method: "get",
  path: "/models",
  operationId: "getModels",
  tags: ["predictions"],
  summary: "Every model with metrics, skill and role",
  responses: {
    200: jsonResponse(modelList, "the models", exampleModels),
    503: problemResponse(503, "nothing published yet", "Nothing has been published yet.", "/models"),
  },
});

/** Every model of the newest manifest. */
export function modelRoutes({ registry }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(modelsRoute, (c) => {
    const served = registry.current();
    if (!served) return nothingToServe(c, registry);
    const symbols = Object.values(served.manifest.symbols).map((entry) => ({
      ...answerValue(entryHeadSchema, entry),
      models: answerValue(z.array(judgedModelSchema), entry.models),
    }));
    return c.json({ manifest: served.manifest.version, as_of: new Date(served.manifest.asOf).toISOString(), symbols }, 200);
  });
  return app;
}
