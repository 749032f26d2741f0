import * as z from "zod/mini";
import { checkInput, refuse } from "./check-input.ts";
import { count, interval, parallelism, selectors, shortText, time } from "./fields.ts";

const schema = z.strictObject(
  {
    /** Symbols, or selectors like `top:50`. */
    symbols: selectors,
    interval: z.optional(interval),
    /** Inclusive; default: since the listing. */
    from: z.optional(time),
    /** Exclusive; default: the candles that had closed when the backfill started. */
    to: z.optional(time),
    /** Name of a source, or `auto`. */
    source: z.optional(shortText),
    /** Windows at work at the same time (default 4). */
    parallelism: z.optional(parallelism),
    /** Candles last checked before this time are fetched again. */
    staleBefore: z.optional(time),
    /** Candles of a window (default 1000). */
    windowCandles: z.optional(count(1000)),
  },
  "an object",
);

export type BackfillInput = Readonly<z.output<typeof schema>>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkBackfillInput(input: unknown): BackfillInput {
  const checked = checkInput("backfill", schema, input ?? {});
  const { from, to } = checked;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) refuse("from", from, `before to (${to})`);
  return checked;
}

/** @throws {ApplicationFailure} of type InvalidInput, if a value can't be a parallelism */
export function checkParallelism(value: unknown): asserts value is number {
  const checked = parallelism.safeParse(value);
  if (!checked.success) refuse("parallelism", value, checked.error.issues[0].message);
}
