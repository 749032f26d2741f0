import { Hono } from "hono";
import { cacheControl } from "../answers/cache-control.ts";
import type { Edition } from "../answers/edition.ts";
import type { RouteDependencies } from "../dependencies.ts";
import type { Prepared } from "../http/prepared.ts";
import { homePage } from "../pages/home-page.ts";
import { answerPreparedPage, preparePage } from "../pages/page.ts";

/** The overview. */
export function homeRoutes(deps: RouteDependencies): Hono {
  const app = new Hono();
  app.get("/", (c) => {
    const edition = deps.edition();
    return answerPreparedPage(c, homeAnswer(edition), cacheControl(edition, deps));
  });
  return app;
}

/** The page's bytes. */
export function homeAnswer(edition: Edition): Prepared {
  return edition.answer("home", () => preparePage(homePage(edition), "./"));
}
