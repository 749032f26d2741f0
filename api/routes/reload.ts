import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { VERSION } from "../answers/examples.ts";
import { reloaded } from "../answers/schemas.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { NOT_KEPT } from "../http/cache-words.ts";
import { guardWrites } from "../http/guard-writes.ts";
import { jsonResponse } from "../http/json-response.ts";
import { limitProblems, problemResponse } from "../http/problem.ts";

const answered = {
  200: jsonResponse(reloaded, "whether a newer one was found; `/health` tells what is broken in it", { changed: true, version: VERSION }),
};

const getRoute = createRoute({
  method: "get",
  path: "/reload",
  operationId: "getReload",
  tags: ["service"],
  summary: "Look for a newer manifest now",
  description: "Does what the service does every few seconds anyway, and nothing more.",
  responses: { ...answered, ...limitProblems("/reload") },
});

const postRoute = createRoute({
  method: "post",
  path: "/reload",
  operationId: "postReload",
  tags: ["service"],
  summary: "Look for a newer manifest now, and read again what was broken",
  description: "Needs the service's token where one is set (`API_TOKEN`).",
  security: [{ token: [] }, {}],
  responses: {
    ...limitProblems("/reload"),
    ...answered,
    401: problemResponse("unauthorized", "no token, or a wrong one", "This needs the service's token: Authorization: Bearer …", "/reload"),
    403: problemResponse("forbidden", "sent by a page of another site", "A page of another site may not ask for this.", "/reload"),
  },
});

/** Polls for a newer manifest now, not at the next scheduled poll. */
export function reloadRoutes({ registry, token = null }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(getRoute, async (c) => c.json(await registry.poll(), 200, NOT_KEPT));
  app.post("/reload", guardWrites(token));
  app.openapi(postRoute, async (c) => c.json(await registry.reload(), 200, NOT_KEPT));
  return app;
}
