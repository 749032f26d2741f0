import { Hono } from "hono";
import { predictSymbol } from "../answers/predict-symbol.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { homePage } from "../pages/home-page.ts";
import { answerPage } from "../pages/page.ts";

/** The dashboard. */
export function homeRoutes({ registry, now }: ApiDependencies): Hono {
  const app = new Hono();
  app.get("/", (c) => {
    const served = registry.current();
    const rows = served ? [...served.symbols.values()].map((loaded) => ({ loaded, answer: predictSymbol(served, loaded, now()) })) : [];
    return answerPage(c, homePage({ served, rows, problem: registry.problem(), now: now() }));
  });
  return app;
}
