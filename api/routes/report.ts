import { createRoute, OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { cacheControl } from "../answers/cache-control.ts";
import { exampleReport } from "../answers/example-report.ts";
import { findSymbol, symbolProblems } from "../answers/find-symbol.ts";
import { describeReport, reportAnswer, reportHtml } from "../answers/report-answer.ts";
import { symbolParams } from "../answers/symbol-params.ts";
import { drawReport } from "../charts/draw-report.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { jsonResponse } from "../http/json-response.ts";
import { answerPrepared, prepareJson } from "../http/prepared.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";
import { answerPreparedPage, preparePage } from "../pages/page.ts";
import { reportPage } from "../pages/report-page.ts";

const problems = {
  ...symbolProblems("/symbol/{symbol}/report"),
  404: problemResponse(
    "no-report",
    "unknown symbol, or no report of it, with the reason",
    "No report of BTC was written with its models; the next training writes one.",
    "/symbol/BTC/report",
  ),
};

const pageRoute = createRoute({
  method: "get",
  path: "/symbol/{symbol}/report",
  operationId: "getReportPage",
  tags: ["reports"],
  summary: "A page about the models of one symbol: which are served and why, with the evidence",
  description: "For a person with a minute: no script, no picture from elsewhere.",
  request: { params: symbolParams },
  responses: {
    ...limitProblems("/symbol/{symbol}/report"),
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
  description: "What the pictures of the page are drawn from.",
  request: { params: symbolParams },
  responses: {
    ...limitProblems("/symbol/{symbol}/report.json"),
    200: jsonResponse(reportAnswer, "the report", exampleReport),
    ...problems,
  },
});

/** Reports on the models of a symbol, as a page and as data. */
export function reportRoutes(deps: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();

  const find = (c: Context, symbol: string) => {
    const edition = deps.edition();
    const { answer, found } = findSymbol(c, edition, symbol);
    if (answer) return { answer };
    const { report, absent } = found.loaded.report;
    if (!report) return { answer: problem(c, "no-report", absent) };
    return { answer: null, found: { ...found, edition, report } };
  };

  app.openapi(pageRoute, async (c) => {
    const { answer, found } = find(c, c.req.valid("param").symbol);
    if (answer) return answer;
    const { edition, loaded, report } = found;
    const pictures = await drawReport(report);
    const make = () => preparePage(reportPage({ manifest: loaded.manifest, entry: loaded.entry, report, charts: pictures }), "../../");
    return answerPreparedPage(c, edition.answer(`report page ${loaded.entry.symbol}`, make), cacheControl(edition, deps));
  });
  app.openapi(dataRoute, (c) => {
    const { answer, found } = find(c, c.req.valid("param").symbol);
    if (answer) return answer;
    const { edition, loaded, report } = found;
    const make = () => prepareJson(describeReport(loaded.manifest, loaded.entry, report));
    return answerPrepared(c, edition.answer(`report ${loaded.entry.symbol}`, make), cacheControl(edition, deps)) as never;
  });
  return app;
}
