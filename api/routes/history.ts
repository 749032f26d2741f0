import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { BASELINES, MODELS } from "../../core/vocabulary/model-names.ts";
import { cacheControl } from "../answers/cache-control.ts";
import { exampleHistory } from "../answers/example-history.ts";
import { findSymbol, symbolProblems } from "../answers/find-symbol.ts";
import { describeHistory, historyAnswer, historyArrow, historyCsv } from "../answers/history-answer.ts";
import { limitParameter, limitWords, readLimit } from "../answers/limit-parameter.ts";
import { symbolParams } from "../answers/symbol-params.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { clip } from "../http/clip.ts";
import { jsonResponse } from "../http/json-response.ts";
import { negotiate } from "../http/negotiate.ts";
import { answerPrepared, prepare, prepareJson } from "../http/prepared.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";
import type { CoinHistory } from "../served/coin-history.ts";
import type { LoadedSymbol } from "../served/served.ts";

const LIMIT = { most: 1_000, usual: 200 };
const CHOICES = ["served", "all", ...MODELS, ...BASELINES] as const;
const TYPES = ["application/json", "text/csv", "application/vnd.apache.arrow.stream"] as const;
const PATH = "/symbol/{symbol}/history";

const historyRoute = createRoute({
  method: "get",
  path: PATH,
  operationId: "getHistory",
  tags: ["predictions"],
  summary: "Candles, what was forecast of each, and what came true",
  description:
    "Forecasts that were published stand as `live`; before the first of them, those of the walk-forward evaluation stand as `walk_forward`. As JSON, CSV or an Arrow stream, by `Accept`.",
  request: {
    params: symbolParams,
    query: z.object({
      before: z.string().optional().openapi({
        description: "only candles that opened before: `next` of another page, or any time",
        example: "2020-12-31T00:00:00.000Z",
        format: "date-time",
        maxLength: 40,
      }),
      limit: limitParameter(LIMIT, "candles"),
      model: z
        .string()
        .optional()
        .openapi({
          description: "whose forecasts: `served`, which is the default, `all`, or a model's or baseline's name",
          example: "served",
          enum: [...CHOICES],
        }),
    }),
  },
  responses: {
    ...limitProblems(PATH),
    200: {
      ...jsonResponse(historyAnswer, "the history", exampleHistory),
      content: {
        ...jsonResponse(historyAnswer, "the history", exampleHistory).content,
        "text/csv": { schema: z.string().openapi("HistoryCsv"), example: historyCsv([]) },
        "application/vnd.apache.arrow.stream": {
          schema: z.string().openapi("HistoryArrow", { description: "bytes of an Arrow IPC stream", format: "binary" }),
          example: "",
        },
      },
    },
    ...symbolProblems(PATH),
    406: problemResponse(
      "not-acceptable",
      "none of the forms is accepted",
      `The history is there as ${TYPES.join(", ")}.`,
      "/symbol/BTC/history",
    ),
    422: problemResponse(
      "invalid-parameter",
      "a parameter that can't be used, by name and value",
      limitWords("0", LIMIT.most),
      "/symbol/BTC/history",
    ),
  },
});

/** Candles and forecasts of a coin. */
export function historyRoutes(deps: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(historyRoute, async (c) => {
    const edition = deps.edition();
    const { answer, found } = findSymbol(c, edition, c.req.valid("param").symbol);
    if (answer) return answer;
    const { before, model = "served" } = c.req.query();
    const wrong = (name: string, value: string, wanted: string) =>
      problem(c, "invalid-parameter", `${name} is ${JSON.stringify(clip(value, 40))}, but should be ${wanted}.`);
    const limit = readLimit(c, LIMIT);
    if (typeof limit === "string") return problem(c, "invalid-parameter", limit);
    if (!(CHOICES as readonly string[]).includes(model)) return wrong("model", model, `one of ${CHOICES.join(", ")}`);
    const time = before === undefined ? null : timeOf(before);
    if (Number.isNaN(time)) return wrong("before", before, "a time like 2020-12-31T00:00:00.000Z");
    const type = negotiate(c, TYPES);
    if (!type) return problem(c, "not-acceptable", `The history is there as ${TYPES.join(", ")}.`);
    const history = await deps.history.read(found.loaded, { before: time, limit, model });
    return answerPrepared(c, prepareAs(type, found.loaded, history), cacheControl(edition, deps)) as never;
  });
  return app;
}

function prepareAs(type: (typeof TYPES)[number], loaded: LoadedSymbol, history: CoinHistory) {
  const negotiated = { negotiated: true };
  if (type === "text/csv") return prepare("text/csv; charset=utf-8", historyCsv(history.rows), negotiated);
  if (type === "application/vnd.apache.arrow.stream") return prepare(type, historyArrow(history.rows), negotiated);
  return prepareJson(describeHistory(loaded, history), negotiated);
}

/** ms UTC of an ISO 8601 time, which is UTC where it names no zone; NaN if it is none, or not in a year of four digits. */
function timeOf(text: string): number {
  const [, zone] = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [null];
  if (zone === null) return Number.NaN;
  return Date.parse(zone === undefined && text.includes("T") ? `${text}Z` : text);
}
