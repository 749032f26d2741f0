import { ApplicationFailure } from "@temporalio/workflow";
import type * as z from "zod/mini";

/**
 * Checks an input that an engineer may have typed. A schema's error texts say what a value should be.
 *
 * @param workflow type of the workflow, as errors name it
 * @returns the input in its normal form
 * @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value
 */
export function checkInput<Schema extends z.ZodMiniObject>(workflow: string, schema: Schema, input: unknown): z.output<Schema> {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  if (issue.code === "unrecognized_keys") {
    const fields = Object.keys(schema.def.shape).join(", ");
    throw invalidInput(`${issue.keys[0]} is not a field of ${workflow}; its fields are ${fields}`);
  }
  return refuse(String(issue.path[0] ?? "input"), valueAt(input, issue.path), issue.message);
}

/** @throws {ApplicationFailure} of type InvalidInput, not retried */
export function refuse(field: string, value: unknown, wanted: string): never {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? "missing";
  throw invalidInput(`${field} is ${shown}, but should be ${wanted}`);
}

function invalidInput(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, "InvalidInput");
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const step of path) value = (value as Record<PropertyKey, unknown> | undefined)?.[step];
  return value;
}
