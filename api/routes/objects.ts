import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import { storedObject } from "../answers/stored-objects.ts";
import type { RouteDependencies } from "../dependencies.ts";
import { answerStored } from "../http/answer-stored.ts";
import { clip } from "../http/clip.ts";
import { limitProblems, problem, problemResponse } from "../http/problem.ts";
import { checkableObjects, readCheckable } from "../served/checkable-objects.ts";

const PATH = "/objects/{sha256}";
const EXAMPLE = "f".repeat(64);

const route = createRoute({
  method: "get",
  path: PATH,
  operationId: "getObject",
  tags: ["evidence"],
  summary: "A file that a served prediction was made from, by its digest",
  description:
    "Candle files (Parquet), feature files (Arrow), model files and reports (JSON) that the served manifest names, with the bytes that it names; nothing else of the store. A candle file that was written again since is made again as it was published.",
  request: {
    params: z.object({
      sha256: z.string().openapi({
        param: { name: "sha256", in: "path" },
        example: EXAMPLE,
        description: "the digest that the manifest has of it, in hex",
        pattern: "^[0-9a-f]{64}$",
        minLength: 64,
        maxLength: 64,
      }),
    }),
  },
  responses: {
    ...limitProblems(PATH),
    200: { description: "the bytes", content: { "application/octet-stream": { schema: storedObject, example: "" } } },
    404: problemResponse("unknown-object", "no file of the served manifest", sentence(EXAMPLE), `/objects/${EXAMPLE}`),
    410: problemResponse(
      "object-gone",
      "a file that was published, and is no longer there",
      gone("models/ffff….json"),
      `/objects/${EXAMPLE}`,
    ),
  },
});

/** What served predictions were made from, byte for byte. */
export function objectRoutes({ edition, registry }: RouteDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(route, async (c) => {
    const { sha256 } = c.req.valid("param");
    const { served } = edition();
    const ref = served && checkableObjects(served).get(sha256);
    if (!ref) return problem(c, "unknown-object", sentence(clip(sha256, 64)));
    const bytes = await readCheckable(registry.reader, ref);
    if (!bytes) return problem(c, "object-gone", gone(ref.key));
    return answerStored(c, bytes, { sha256, isWhole: sha256Hex(bytes) === sha256 }) as never;
  });
  return app;
}

function sentence(sha256: string): string {
  return `No served prediction was made from a file of digest ${sha256}.`;
}

function gone(key: string): string {
  return `${key} is not there any more as it was published.`;
}
