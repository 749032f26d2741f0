import { z } from "zod";

export * from "../../../workflows/index.ts";

/** A part of the pipeline's input as a schema. */
const schema = z.strictObject({
  symbols: z.array(z.string()).min(1).optional(),
  interval: z.enum(["1d", "1h", "1m"]).optional(),
  horizon: z.int().min(1).max(365).optional(),
});

export async function checked(input: unknown): Promise<unknown> {
  return schema.parse(input);
}
