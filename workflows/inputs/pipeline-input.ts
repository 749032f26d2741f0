import { MAX_HORIZON } from "../../core/vocabulary/horizon.ts";
import { SCOPE_CHOICES } from "../../core/vocabulary/model-names.ts";
import { checkInput, type InputOf } from "./check-input.ts";
import { count, interval, oneOf, optional, parallelism, selectors, shortText, time } from "./fields.ts";

const FIELDS = {
  /** Symbols, or selectors like `top:50`. */
  symbols: optional(selectors),
  interval: optional(interval),
  /** Default: the scheduled time of the run, or when it started. */
  asOf: optional(time),
  /** candles ahead */
  horizon: optional(count(MAX_HORIZON)),
  scope: optional(oneOf(SCOPE_CHOICES)),
  /** Name of a source, or `auto`. */
  source: optional(shortText),
  /** Symbols at work at the same time (default 6). */
  parallelism: optional(parallelism),
  /** Shown in the run list: `schedule`, `start`, `manual`, `backfill` … (default `manual`). */
  trigger: optional(shortText),
};

/** What a run is asked for; other defaults come from the worker's settings. */
export type PipelineInput = InputOf<typeof FIELDS>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkPipelineInput(input: unknown): PipelineInput {
  return checkInput("pipeline", FIELDS, input);
}
