import * as z from "zod/mini";
import { SCOPE_CHOICES } from "../../core/vocabulary/model-names.ts";
import { checkInput } from "./check-input.ts";
import { count, interval, parallelism, selectors, shortText, time } from "./fields.ts";

const schema = z.strictObject(
  {
    /** Symbols, or selectors like `top:50`. */
    symbols: z.optional(selectors),
    interval: z.optional(interval),
    /** Default: the scheduled time of the run, or when it started. */
    asOf: z.optional(time),
    /** candles ahead */
    horizon: z.optional(count(365)),
    scope: z.optional(z.enum(SCOPE_CHOICES, `one of ${SCOPE_CHOICES.join(", ")}`)),
    /** Name of a source, or `auto`. */
    source: z.optional(shortText),
    /** Symbols at work at the same time (default 6). */
    parallelism: z.optional(parallelism),
    /** Shown in the run list: `schedule`, `start`, `manual`, `backfill` … (default `manual`). */
    trigger: z.optional(shortText),
  },
  "an object",
);

/** What a run is asked for; defaults come from the worker's settings. */
export type PipelineInput = Readonly<z.output<typeof schema>>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkPipelineInput(input: unknown): PipelineInput {
  return checkInput("pipeline", schema, input ?? {});
}
