import { ApplicationFailure } from "@temporalio/workflow";
import { type Field, WrongValue } from "./fields.ts";

/** The fields of an input by their names: its type, the known names and the check all come from this table. */
export type InputTable = Readonly<Record<string, Field<unknown>>>;

type OptionalNames<Table extends InputTable> = {
  [Name in keyof Table]: undefined extends ReturnType<Table[Name]> ? Name : never;
}[keyof Table];

/** The type that a table of fields describes. */
export type InputOf<Table extends InputTable> = {
  readonly [Name in Exclude<keyof Table, OptionalNames<Table>>]: ReturnType<Table[Name]>;
} & { readonly [Name in OptionalNames<Table>]?: ReturnType<Table[Name]> };

/**
 * Checks an input that an engineer may have typed.
 *
 * @param workflow type of the workflow, as errors name it
 * @param input may be undefined, for an input without required fields
 * @returns the input in its normal form
 * @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value
 */
export function checkInput<Table extends InputTable>(workflow: string, table: Table, input: unknown): InputOf<Table> {
  const given = (input ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof given !== "object" || Array.isArray(given)) refuse("input", given, "an object");
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined)
    throw invalidInput(unknown, `${unknown} is not a field of ${workflow}; its fields are ${Object.keys(table).join(", ")}`);
  const checked: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(table)) {
    const value = checkField(name, field, given[name]);
    if (value !== undefined) checked[name] = value;
  }
  return checked as InputOf<Table>;
}

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkField<T>(name: string, field: Field<T>, value: unknown): T {
  try {
    return field(value);
  } catch (error) {
    if (error instanceof WrongValue) refuse(name, error.value, error.wanted);
    throw error;
  }
}

/** @throws {ApplicationFailure} of type InvalidInput, not retried */
export function refuse(name: string, value: unknown, wanted: string): never {
  const shown = JSON.stringify(value)?.slice(0, 80) ?? "missing";
  throw invalidInput(name, `${name} is ${shown}, but should be ${wanted}`);
}

/** The first of its details is the field. */
function invalidInput(field: string, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, "InvalidInput", field);
}
