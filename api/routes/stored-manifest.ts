import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { VERSION_PATTERN } from "../../core/manifests/manifest-version.ts";
import { manifestKey } from "../../storage/registry/reader.ts";
import { VERSION } from "../answers/examples.ts";
import { storedManifest } from "../answers/stored-objects.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { clip } from "../http/clip.ts";
import { answerPrepared, prepare } from "../http/prepared.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";

const PATH = "/manifests/{version}/stored";

const route = createRoute({
  method: "get",
  path: PATH,
  operationId: "getStoredManifest",
  tags: ["evidence"],
  summary: "A manifest's bytes as they are stored",
  description: "For whoever computes digests: the end of the version is one of the content, `/pointer` has that of the newest one's bytes.",
  request: {
    params: z.object({
      version: z.string().openapi({
        param: { name: "version", in: "path" },
        example: VERSION,
        description: "a manifest's version",
        pattern: VERSION_PATTERN.source.replace(/\((?!\?)/g, "(?:"),
        maxLength: 30,
      }),
    }),
  },
  responses: {
    ...limitProblems(PATH),
    200: {
      description: "the bytes",
      content: { "text/plain": { schema: storedManifest, example: '{\n "asOf": "2020-12-31T12:00:00.000Z" …\n}\n' } },
    },
    404: problemResponse("unknown-manifest", "unknown version", `There is no manifest ${VERSION}.`, `/manifests/${VERSION}/stored`),
  },
});

/** Manifests byte for byte. They are read from the store each time, so that what changed there is seen. */
export function storedManifestRoutes({ registry }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(route, async (c) => {
    const { version } = c.req.valid("param");
    const stored = VERSION_PATTERN.test(version) ? await registry.reader.get(manifestKey(version)) : null;
    if (!stored) return problem(c, "unknown-manifest", `There is no manifest ${clip(version, 40)}.`);
    return answerPrepared(c, prepare("text/plain; charset=utf-8", new Uint8Array(stored.bytes)), "no-cache", {
      "X-Content-Type-Options": "nosniff",
    }) as never;
  });
  return app;
}
