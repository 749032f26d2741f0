import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import type { ApiDependencies } from "../app.ts";
import { predictSymbol } from "../predict-symbol.ts";
import { problem, problemResponse } from "../problem.ts";
import { prediction } from "../schemas.ts";

const params = z.object({
  symbol: z.string().openapi({ param: { name: "symbol", in: "path" }, example: "BTC", description: "in any case" }),
});

/** The prediction for one symbol. */
export function symbolRoutes({ registry, now }: ApiDependencies): OpenAPIHono {
  const app = new OpenAPIHono();
  app.openapi(
    createRoute({
      method: "get",
      path: "/symbol/{symbol}",
      summary: "The prediction: every model, the champion, interval, as-of candle, target candle, lineage",
      request: { params },
      responses: {
        200: { description: "the prediction", content: { "application/json": { schema: prediction } } },
        404: problemResponse("unknown symbol; the known ones are named"),
        503: problemResponse("nothing published yet"),
      },
    }),
    (c) => {
      const served = registry.current();
      if (!served) return problem(c, 503, registry.problem() ?? "Nothing has been published yet.", { "retry-after": "10" }) as never;
      const name = c.req.valid("param").symbol.toUpperCase();
      const found = served.symbols.get(name);
      if (!found) {
        const known = [...served.symbols.keys()].join(", ");
        return problem(c, 404, `There is no symbol ${name.slice(0, 20)}; known are ${known}.`) as never;
      }
      return c.json(predictSymbol(served, found, now()), 200);
    },
  );
  return app;
}
