import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import { manifestKey, readPointer } from "../../storage/registry/reader.ts";
import { VERSION } from "../answers/examples.ts";
import { nothingToServe, unserved } from "../answers/find-symbol.ts";
import { pointerAnswer } from "../answers/stored-objects.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { answerPrepared, prepareJson } from "../http/prepared.ts";
import { limitProblems } from "../http/problem.ts";
import { isLasting } from "../served/lasting.ts";

const route = createRoute({
  method: "get",
  path: "/pointer",
  operationId: "getPointer",
  tags: ["evidence"],
  summary: "Which manifest is the newest, with the digest of its bytes",
  description: "As the store says now; what is served may be older for some seconds, or if that manifest can't be read.",
  responses: {
    ...limitProblems("/pointer"),
    200: jsonResponse(pointerAnswer, "the pointer", { version: VERSION, key: manifestKey(VERSION), sha256: "f".repeat(64) }),
    503: unserved("/pointer"),
  },
});

/** The store's pointer to the newest manifest. */
export function pointerRoutes({ edition, registry }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(route, async (c) => {
    const found = await readPointer(registry.reader).catch((error: unknown) => {
      if (!isLasting(error)) throw error;
      return null;
    });
    if (!found) return nothingToServe(c, edition());
    const { version, key, sha256 } = found.pointer;
    return answerPrepared(c, prepareJson({ version, key, sha256 }), "no-cache") as never;
  });
  return app;
}
