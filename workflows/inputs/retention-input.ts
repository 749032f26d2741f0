import { checkInput, type InputOf } from "./check-input.ts";
import { flag, number, optional } from "./fields.ts";

const FIELDS = {
  /** The newest manifests, at least 1 (default 30). */
  keep: optional(number),
  /** Manifests younger than this many days (default 30). */
  days: optional(number),
  /** Objects changed within this many days are left alone (default 7, at least 2). */
  graceDays: optional(number),
  /** Whether to delete; otherwise objects are only counted (default). */
  delete: optional(flag),
};

/** What is kept. The step that reads the store has the limits and the defaults. */
export type RetentionInput = InputOf<typeof FIELDS>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkRetentionInput(input: unknown): RetentionInput {
  return checkInput("retention", FIELDS, input);
}
