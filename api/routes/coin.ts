import { Hono } from "hono";
import { cacheControl } from "../answers/cache-control.ts";
import { eventState } from "../answers/event-state.ts";
import { findSymbol } from "../answers/find-symbol.ts";
import type { RouteDependencies } from "../dependencies.ts";
import type { Prepared } from "../http/prepared.ts";
import { coinPage } from "../pages/coin-page.ts";
import { answerPreparedPage, preparePage } from "../pages/page.ts";
import { isLasting } from "../served/lasting.ts";
import type { LoadedSymbol } from "../served/served.ts";

/** So many candles are listed beside the chart. */
const LISTED = 30;

/** A coin's page. */
export function coinRoutes(deps: RouteDependencies): Hono {
  const app = new Hono();
  /** What of the past could be read; null where its files are broken, which takes nothing else from the page. */
  const past = async (loaded: LoadedSymbol) => {
    try {
      const history = await deps.history.read(loaded, { before: null, limit: LISTED, model: "served" });
      return { rows: history.rows, skill: await deps.history.skill(loaded) };
    } catch (error) {
      if (!isLasting(error)) throw error;
      deps.onError?.(error);
      return null;
    }
  };
  app.get("/coin/:symbol", async (c) => {
    const edition = deps.edition();
    const { answer, found } = findSymbol(c, edition, c.req.param("symbol"));
    if (answer) return answer;
    const { loaded, prediction } = found;
    const key = `coin ${prediction.symbol}`;
    let page: Prepared | null = edition.known(key);
    if (!page) {
      const content = coinPage({ loaded, prediction, past: await past(loaded), isCheckable: deps.checker?.isThere ?? false });
      page = edition.answer(key, () => preparePage({ ...content, state: eventState(edition) }, "../"));
    }
    return answerPreparedPage(c, page, cacheControl(edition, deps));
  });
  return app;
}
