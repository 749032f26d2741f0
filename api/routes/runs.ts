import { Hono } from "hono";
import { eventState } from "../answers/event-state.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { answerPreparedPage, preparePage } from "../pages/page.ts";
import { runsPage } from "../pages/runs-page.ts";

/** So many published runs fit on a screen beside each other. */
const SHOWN = 20;
/** With a few coins their candles are looked through before a reader notices. */
const WAIT_MS = 500;

/** The page of what was published, run by run and coin by coin, and of runs themselves where they are enabled. */
export function runsRoutes({ edition, archive, days, runUrl = () => null, runs = null, token = null }: RouteDependencies): Hono {
  const app = new Hono();
  const forms = (token === null ? null : runs?.forms) ?? null;
  app.get("/runs", async (c) => {
    const current = edition();
    const { served } = current;
    const manifests = served ? await archive.list(served.manifest.version, SHOWN) : [];
    const found = served ? await days.read(served.manifest, WAIT_MS) : null;
    return answerPreparedPage(
      c,
      preparePage({ ...runsPage({ manifests, runUrl, days: found, forms }), state: eventState(current) }, "./"),
      "no-cache",
    );
  });
  return app;
}
