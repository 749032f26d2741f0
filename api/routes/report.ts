import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { exampleReport } from "../answers/example-report.ts";
import { describeReport, reportAnswer, reportHtml } from "../answers/report-answer.ts";
import { drawReport } from "../charts/draw-report.ts";
import type { ApiDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { nothingToServe, problem, problemResponse } from "../http/problem.ts";
import { answerPage } from "../pages/page.ts";
import { reportPage } from "../pages/report-page.ts";
import type { LoadedSymbol, Served } from "../served/served.ts";

const params = z.object({
  symbol: z.string().openapi({ param: { name: "symbol", in: "path" }, example: "BTC", description: "in any case" }),
});

const problems = {
  404: problemResponse(
    404,
    "unknown symbol, or no report of it, with the reason",
    "No report of BTC was written with its models; the next training writes one.",
    "/symbol/BTC/report",
  ),
  503: problemResponse(503, "nothing published yet", "Nothing has been published yet.", "/symbol/BTC/report"),
};

const pageRoute = createRoute({
  method: "get",
  path: "/symbol/{symbol}/report",
  operationId: "getReportPage",
  tags: ["reports"],
  summary: "A page about the models of one symbol: which are served and why, with the evidence",
  request: { params },
  responses: {
    200: { description: "the page", content: { "text/html": { schema: reportHtml, example: "<!doctype html>…" } } },
    ...problems,
  },
});

const dataRoute = createRoute({
  method: "get",
  path: "/symbol/{symbol}/report.json",
  operationId: "getReport",
  tags: ["reports"],
  summary: "The data of that page",
  request: { params },
  responses: { 200: jsonResponse(reportAnswer, "the report", exampleReport), ...problems },
});

/** Reports on the models of a symbol, as a page and as data. */
export function reportRoutes({ registry }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();

  const find = (c: Context, symbol: string) => {
    const served = registry.current();
    if (!served) return { answer: nothingToServe(c, registry) };
    const name = symbol.toUpperCase();
    const loaded = served.symbols.get(name);
    if (!loaded)
      return { answer: problem(c, 404, `There is no symbol ${name.slice(0, 20)}; known are ${[...served.symbols.keys()].join(", ")}.`) };
    if (!loaded.report.report) return { answer: problem(c, 404, loaded.report.absent) };
    return { answer: null, found: { served, loaded, report: loaded.report.report } satisfies Found };
  };

  app.openapi(pageRoute, async (c) => {
    const { answer, found } = find(c, c.req.valid("param").symbol);
    if (answer) return answer;
    const { served, loaded, report } = found;
    const page = reportPage({ manifest: served.manifest, entry: loaded.entry, report, charts: await drawReport(report) });
    return answerPage(c, page);
  });
  app.openapi(dataRoute, (c) => {
    const { answer, found } = find(c, c.req.valid("param").symbol);
    if (answer) return answer;
    return c.json(describeReport(found.served.manifest, found.loaded.entry, found.report), 200);
  });
  return app;
}

interface Found {
  readonly served: Served;
  readonly loaded: LoadedSymbol;
  readonly report: NonNullable<LoadedSymbol["report"]["report"]>;
}
