import * as z from "zod/mini";
import { checkInput } from "./check-input.ts";

const NUMBER_TEXT = "a number";

const schema = z.strictObject(
  {
    /** The newest manifests, at least 1 (default 30). */
    keep: z.optional(z.number(NUMBER_TEXT)),
    /** Manifests younger than this many days (default 30). */
    days: z.optional(z.number(NUMBER_TEXT)),
    /** Objects changed within this many days are left alone (default 7, at least 2). */
    graceDays: z.optional(z.number(NUMBER_TEXT)),
    /** Whether to delete; otherwise objects are only counted (default). */
    delete: z.optional(z.boolean("true or false")),
  },
  "an object",
);

/** What is kept. The step that reads the store has the limits and the defaults. */
export type RetentionInput = Readonly<z.output<typeof schema>>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkRetentionInput(input: unknown): RetentionInput {
  return checkInput("retention", schema, input ?? {});
}
