import { z } from "@hono/zod-openapi";

/** The coin in a route's path. */
export const symbolParams = z.object({
  symbol: z.string().openapi({
    param: { name: "symbol", in: "path" },
    example: "BTC",
    description: "the coin, in any case",
    minLength: 1,
    maxLength: 30,
    pattern: "^[A-Za-z0-9]{1,30}$",
  }),
});
