import { Hono } from "hono";
import type { RouteDependencies } from "../dependencies.ts";
import { answerPrepared } from "../http/prepared.ts";
import { problem } from "../http/problem.ts";

/** The code that checks a prediction in a browser. It is of the code that runs here, so its address stays and is asked again. */
export function checkerRoutes({ checker }: RouteDependencies): Hono {
  const app = new Hono();
  app.get("/assets/checker.mjs", async (c) => {
    const bundle = checker?.isThere ? await checker.read() : null;
    if (!bundle) return problem(c, "not-found", "This service can't give out the code that checks predictions.");
    return answerPrepared(c, bundle, "public, no-cache", { "X-Content-Type-Options": "nosniff" });
  });
  return app;
}
