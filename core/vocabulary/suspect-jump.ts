import { z } from "zod";
import { timeSchema } from "./schemas.ts";

export const suspectJumpSchema = z.strictObject({
  openTime: timeSchema.describe("of the first candle behind the jump"),
  kind: z
    .enum(["level", "row"])
    .describe(
      "level: prices went on from there, and the history before is another series; row: they came back, and the candles are left out",
    ),
  rows: z.int().min(1).describe("candles that are not used"),
  from: z.number().gt(0).describe("the price before it"),
  to: z.number().gt(0).describe("the price behind it"),
});
/** Where prices of one name are not those of one series: a redenomination, a relaunch, or damage. */
export type SuspectJump = Readonly<z.infer<typeof suspectJumpSchema>>;
