import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { TemporalUnavailableError } from "../../core/vocabulary/errors.ts";
import { limitParameter, limitWords, readLimit } from "../answers/limit-parameter.ts";
import { describeRun, describeStarted, exampleRun, runList, runRequest, startedRun } from "../answers/run-answers.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { NOT_KEPT } from "../http/cache-words.ts";
import { clip } from "../http/clip.ts";
import { guardWrites, unauthorized } from "../http/guard-writes.ts";
import { jsonResponse } from "../http/json-response.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";

const PATH = "/pipeline/runs";
const LIMIT = { most: 100, usual: 20 };
const NOT_ENABLED = "This service lists and starts no runs: it does where API_TOKEN and TEMPORAL_ADDRESS are set.";
const SECURITY = [{ token: [] }];

const guarded = {
  401: problemResponse("unauthorized", "no token, or a wrong one", "This needs the service's token: Authorization: Bearer …", PATH),
  403: problemResponse("forbidden", "sent by a page of another site", "A page of another site may not ask for this.", PATH),
  404: problemResponse("runs-not-enabled", "the service has no token, or no Temporal server", NOT_ENABLED, PATH),
  503: problemResponse("runs-unavailable", "Temporal does not answer", unavailableWords("Temporal can't be reached"), PATH),
};

const listRoute = createRoute({
  method: "get",
  path: PATH,
  operationId: "getRuns",
  tags: ["runs"],
  summary: "The last runs, newest first: what they did, why they failed, how far they are",
  description:
    "Runs of the pipeline, backfills, imports, scorings and retention, as Temporal has them. Needs the service's token, because reasons tell of its insides.",
  security: SECURITY,
  request: {
    query: z.object({
      limit: limitParameter(LIMIT),
    }),
  },
  responses: {
    ...limitProblems(PATH),
    ...guarded,
    200: jsonResponse(runList, "the runs", { runs: [describeRun(exampleRun)] }),
    422: problemResponse("invalid-parameter", "a parameter that can't be used, by name and value", limitWords("0", LIMIT.most), PATH),
  },
});

const startRoute = createRoute({
  method: "post",
  path: PATH,
  operationId: "startRun",
  tags: ["runs"],
  summary: "Start a run of the pipeline, or a backfill",
  description: "Answers as soon as Temporal has the run. `GET /pipeline/runs` tells how far it is.",
  security: SECURITY,
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: runRequest,
          example: { kind: "pipeline", input: { symbols: ["BTC", "ETH"], asOf: "2020-12-31T12:00:00Z" } },
        },
      },
    },
  },
  responses: {
    ...limitProblems(PATH),
    ...guarded,
    202: jsonResponse(startedRun, "the run that was started", describeStarted(exampleRun)),
    400: problemResponse("bad-request", "the body is not JSON", "The body is not JSON.", PATH),
    413: problemResponse("body-too-large", "too large a body", "The body is larger than 4000000 bytes.", PATH),
    415: problemResponse("unsupported-media-type", "the body is not declared as JSON", "Send the input as application/json.", PATH),
    422: problemResponse(
      "invalid-run-input",
      "an input that no run can have, by field and value",
      "horizon is 0, but should be a whole number from 1 to 365.",
      PATH,
    ),
  },
});

/** Lists and starts runs, where the service has a token and a Temporal server. */
export function pipelineRunsRoutes({ runs = null, token = null }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  // Without a token nobody could be told from anybody else.
  const desk = token === null ? null : runs;
  const enabled: MiddlewareHandler = async (c, next) => {
    if (desk) return next();
    return c.req.header("Authorization") === undefined ? unauthorized(c, NOT_ENABLED) : problem(c, "runs-not-enabled", NOT_ENABLED);
  };
  const guard = guardWrites(token);
  for (const { method, path, ...described } of [listRoute, startRoute])
    app.openAPIRegistry.registerPath({ method, path, ...described } as typeof startRoute);

  app.get(PATH, enabled, guard, async (c) => {
    const limit = readLimit(c, LIMIT);
    if (typeof limit === "string") return problem(c, "invalid-parameter", limit);
    return answered(c, async () => {
      const found = (await desk?.list(limit)) ?? [];
      return c.json({ runs: found.map(describeRun) }, 200, NOT_KEPT);
    });
  });
  // Read by hand: what is wrong with a body decides between three answers.
  app.post(PATH, enabled, guard, async (c) => {
    if (!/^application\/json\s*(;|$)/i.test(c.req.header("Content-Type") ?? ""))
      return problem(c, "unsupported-media-type", "Send the input as application/json.");
    let sent: unknown;
    try {
      sent = JSON.parse(await c.req.text());
    } catch {
      return problem(c, "bad-request", "The body is not JSON.");
    }
    const refused = (field: string, reason: string) =>
      problem(c, "invalid-run-input", clip(`${reason}.`, 600), {}, { field: clip(field, 90) });
    const parsed = runRequest.safeParse(sent);
    if (!parsed.success) {
      const [{ path, message }] = parsed.error.issues;
      const field = path.join(".") || "body";
      return refused(field, `${field}: ${message}`);
    }
    return answered(c, async () => {
      const { kind, input } = parsed.data;
      const outcome = await desk?.start(kind, input);
      if (!outcome) return problem(c, "runs-not-enabled", NOT_ENABLED);
      return "field" in outcome ? refused(outcome.field, outcome.reason) : c.json(describeStarted(outcome), 202, NOT_KEPT);
    });
  });
  return app;
}

async function answered(c: Context, answer: () => Promise<Response>): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof TemporalUnavailableError)) throw error;
    return problem(c, "runs-unavailable", unavailableWords(error.message), { "Retry-After": "10" });
  }
}

function unavailableWords(reason: string): string {
  return `${reason}, so runs can't be shown or started now. Predictions are served all the same.`;
}
