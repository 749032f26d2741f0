import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { compareManifests, manifestComparisonSchema } from "../../core/manifests/compare-manifests.ts";
import { type Manifest, manifestSchema } from "../../core/manifests/manifest.ts";
import { VERSION_PATTERN } from "../../core/manifests/manifest-version.ts";
import { answerValue } from "../answers/answer-schema.ts";
import { exampleComparison, exampleManifest, exampleManifests } from "../answers/example-manifests.ts";
import { VERSION } from "../answers/examples.ts";
import { nothingToServe, unserved } from "../answers/find-symbol.ts";
import { limitParameter, limitWords, readLimit } from "../answers/limit-parameter.ts";
import { comparisonAnswer, describeSummary, manifestAnswer, manifestList } from "../answers/manifest-answers.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { FOR_EVER } from "../http/cache-words.ts";
import { clip } from "../http/clip.ts";
import { jsonResponse } from "../http/json-response.ts";
import { answerPrepared, prepareJson } from "../http/prepared.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";

const PATTERN = VERSION_PATTERN.source.replace(/\((?!\?)/g, "(?:");
const LIMIT = { most: 100, usual: 20 };

const versionIn = (name: string) =>
  z
    .string()
    .openapi({ param: { name, in: "path" }, example: VERSION, description: "a manifest's version", pattern: PATTERN, maxLength: 30 });

const listRoute = createRoute({
  method: "get",
  path: "/manifests",
  operationId: "getManifests",
  tags: ["manifests"],
  summary: "What was published, newest first",
  description: "Each with the run that made it, and how many coins are fresh.",
  request: {
    query: z.object({
      before: z
        .string()
        .optional()
        .openapi({ description: "only manifests older than this version", example: VERSION, pattern: PATTERN, maxLength: 30 }),
      limit: limitParameter(LIMIT),
    }),
  },
  responses: {
    ...limitProblems("/manifests"),
    200: jsonResponse(manifestList, "the manifests", exampleManifests),
    404: problemResponse("unknown-manifest", "`before` is no published manifest", `There is no manifest ${VERSION}.`, "/manifests"),
    422: problemResponse(
      "invalid-parameter",
      "a parameter that can't be used, by name and value",
      limitWords("0", LIMIT.most),
      "/manifests",
    ),
    503: unserved("/manifests"),
  },
});

const oneRoute = createRoute({
  method: "get",
  path: "/manifests/{version}",
  operationId: "getManifest",
  tags: ["manifests"],
  summary: "A manifest as it was published: coins, files with digests, models, and how they were judged",
  description: "It never changes.",
  request: { params: z.object({ version: versionIn("version") }) },
  responses: {
    ...limitProblems("/manifests/{version}"),
    200: jsonResponse(manifestAnswer, "the manifest", exampleManifest),
    404: problemResponse("unknown-manifest", "unknown version", `There is no manifest ${VERSION}.`, `/manifests/${VERSION}`),
  },
});

const compareRoute = createRoute({
  method: "get",
  path: "/manifests/{version}/compare/{other}",
  operationId: "compareManifests",
  tags: ["manifests"],
  summary: "What another manifest says otherwise, coin by coin",
  description: "Which coins came, went, were trained again, or have another champion.",
  request: { params: z.object({ version: versionIn("version"), other: versionIn("other") }) },
  responses: {
    ...limitProblems("/manifests/{version}/compare/{other}"),
    200: jsonResponse(comparisonAnswer, "the comparison", exampleComparison),
    404: problemResponse("unknown-manifest", "unknown version", `There is no manifest ${VERSION}.`, `/manifests/${VERSION}`),
  },
});

/** Published manifests: a list, one, and how two differ. */
export function manifestRoutes(deps: RouteDependencies): OpenAPIHono {
  const { archive, edition, runUrl = () => null } = deps;
  const app = new OpenAPIHono();
  const unknown = (c: Context, version: string) => problem(c, "unknown-manifest", `There is no manifest ${clip(version, 40)}.`);
  const read = async (version: string): Promise<Manifest | null> => (VERSION_PATTERN.test(version) ? archive.read(version) : null);

  app.openapi(listRoute, async (c) => {
    const current = edition();
    const { before } = c.req.query();
    const limit = readLimit(c, LIMIT);
    if (typeof limit === "string") return problem(c, "invalid-parameter", limit);
    if (!current.served) return nothingToServe(c, current);
    const from = before === undefined ? current.served.manifest : await read(before);
    if (!from) return unknown(c, before);
    const first = before === undefined ? from.version : from.previous;
    const found = first === null ? [] : await archive.list(first, limit);
    const oldest = found.at(-1);
    const body = {
      manifests: found.map((summary) => describeSummary(summary, runUrl)),
      next: found.length === limit && oldest?.previous ? oldest.version : null,
    };
    return answerPrepared(c, prepareJson(body), "no-cache") as never;
  });
  app.openapi(oneRoute, async (c) => {
    const { version } = c.req.valid("param");
    const manifest = await read(version);
    if (!manifest) return unknown(c, version);
    return answerPrepared(c, prepareJson(answerValue(manifestSchema, manifest)), FOR_EVER) as never;
  });
  app.openapi(compareRoute, async (c) => {
    const { version, other } = c.req.valid("param");
    const [from, to] = [await read(version), await read(other)];
    if (!from || !to) return unknown(c, from ? other : version);
    return answerPrepared(c, prepareJson(answerValue(manifestComparisonSchema, compareManifests(from, to))), FOR_EVER) as never;
  });
  return app;
}
