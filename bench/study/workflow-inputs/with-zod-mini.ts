import * as z from "zod/mini";

export * from "../../../workflows/index.ts";

/** A part of the pipeline's input as a schema. */
const schema = z.strictObject({
  symbols: z.optional(z.array(z.string()).check(z.minLength(1))),
  interval: z.optional(z.enum(["1d", "1h", "1m"])),
  horizon: z.optional(z.int().check(z.gte(1), z.lte(365))),
});

export async function checked(input: unknown): Promise<unknown> {
  return schema.parse(input);
}
