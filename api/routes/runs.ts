import { Hono } from "hono";
import type { RouteDependencies } from "../dependencies.ts";
import { answerPreparedPage, preparePage } from "../pages/page.ts";
import { runsPage } from "../pages/runs-page.ts";

/** So many published runs fit on a screen beside each other. */
const SHOWN = 20;

/** The page of what was published, run by run and coin by coin. */
export function runsRoutes({ edition, archive, runUrl = () => null }: RouteDependencies): Hono {
  const app = new Hono();
  app.get("/runs", async (c) => {
    const { served } = edition();
    const manifests = served ? await archive.list(served.manifest.version, SHOWN) : [];
    return answerPreparedPage(c, preparePage(runsPage({ manifests, runUrl }), "./"), "no-cache");
  });
  return app;
}
