import type { z } from "@hono/zod-openapi";
import { examplePrediction, VERSION } from "./examples.ts";
import { headlineOf, type symbolList } from "./symbol-list.ts";

export const exampleSymbols: z.infer<typeof symbolList> = {
  service: "fresh",
  manifest: VERSION,
  symbols: [{ ...headlineOf(examplePrediction), skill: 0.0041, closes: [27_100, null, 28_000] }],
  unreadable: [],
};
