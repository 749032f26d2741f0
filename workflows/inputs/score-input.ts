import { checkInput, type InputOf } from "./check-input.ts";
import { flag, optional } from "./fields.ts";

const FIELDS = {
  /** Whether all outcomes are compared with the stored candles; by default those whose candle files were written since the last scoring. */
  all: optional(flag),
};

/** What is looked at. */
export type ScoreInput = InputOf<typeof FIELDS>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkScoreInput(input: unknown): ScoreInput {
  return checkInput("score", FIELDS, input);
}
