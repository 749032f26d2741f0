import { z } from "@hono/zod-openapi";
import type { DeepReadonly } from "../../core/vocabulary/deep-readonly.ts";

type SnakeCase<S extends string> = S extends `${infer Head}${infer Rest}`
  ? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeCase<Rest>}`
  : S;

/** A value of the core as it is answered: fields in snake_case; keys of records as they are. */
export type Answer<T> = T extends readonly (infer Item)[]
  ? Answer<Item>[]
  : T extends object
    ? string extends keyof T
      ? { -readonly [K in keyof T]: Answer<T[K]> }
      : { -readonly [K in keyof T as K extends string ? SnakeCase<K> : never]: Answer<T[K]> }
    : T;

export type AnswerShape<S extends z.ZodRawShape> = {
  [K in keyof S as K extends string ? SnakeCase<K> : never]: z.ZodType<Answer<z.output<S[K]>>>;
};

/** Answers' schemas that the OpenAPI document names, by {@link componentKey} of the core's schema. */
export type Components = ReadonlyMap<object, z.ZodType>;

/**
 * The schema of a core value as that of an answer. Fields are in snake_case; fields can be added later; fields that may lack
 * in a stored document, and then get a default, are always there. Descriptions are kept.
 *
 * @param components parts that the OpenAPI document refers to by name
 */
export function answerSchema<T extends z.ZodType>(core: T, components: Components = new Map()): z.ZodType<Answer<z.output<T>>> {
  const known = components.get(componentKey(core));
  const answer = known ?? rebuild(core, components);
  const { description } = core;
  const isDescribed = description === undefined || description === answer.description;
  return (isDescribed ? answer : answer.describe(description)) as z.ZodType<Answer<z.output<T>>>;
}

/** The fields of {@link answerSchema}, to be put together with others. */
export function answerShape<S extends z.ZodRawShape>(core: z.ZodObject<S>, components?: Components): AnswerShape<S> {
  const fields = Object.entries(core.shape).map(([name, field]) => [snakeCase(name), answerSchema(field as z.ZodType, components)]);
  return Object.fromEntries(fields) as AnswerShape<S>;
}

/** A core value as the answer of its schema; fields that the schema lacks are left out. */
export function answerValue<T extends z.ZodType>(core: T, value: DeepReadonly<z.output<T>>): Answer<z.output<T>> {
  return rename(core, value) as Answer<z.output<T>>;
}

/** What a schema is recognised by, also where a copy of it has another description. */
export function componentKey(core: z.ZodType): object {
  return core instanceof z.ZodObject ? core.shape : core;
}

function rebuild(core: z.ZodType, components: Components): z.ZodType {
  const inner = (schema: unknown) => answerSchema(schema as z.ZodType, components) as z.ZodType;
  if (core instanceof z.ZodObject) return z.object(answerShape(core, components));
  if (core instanceof z.ZodArray) return z.array(inner(core.element));
  if (core instanceof z.ZodRecord) {
    const { partial } = core.def as { readonly partial?: boolean };
    return (partial ? z.partialRecord : z.record)(core.keyType as z.ZodString, inner(core.valueType));
  }
  if (core instanceof z.ZodNullable) {
    const present = core.unwrap() as z.ZodType;
    // OpenAPI's own nullable, beside a reference, would have to hold together with the part's definition, which has no null.
    return components.has(componentKey(present)) ? z.union([inner(present), z.null()]) : inner(present).nullable();
  }
  if (core instanceof z.ZodOptional) return inner(core.unwrap()).optional();
  if (core instanceof z.ZodDefault) return inner(core.unwrap());
  return core;
}

function rename(core: z.ZodType, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  if (core instanceof z.ZodObject) {
    const fields = value as Readonly<Record<string, unknown>>;
    const present = Object.entries(core.shape).filter(([name]) => fields[name] !== undefined);
    return Object.fromEntries(present.map(([name, field]) => [snakeCase(name), rename(field as z.ZodType, fields[name])]));
  }
  if (core instanceof z.ZodRecord) {
    const entries = Object.entries(value as object).map(([key, item]) => [key, rename(core.valueType as z.ZodType, item)]);
    return Object.fromEntries(entries);
  }
  if (core instanceof z.ZodArray) return (value as readonly unknown[]).map((item) => rename(core.element as z.ZodType, item));
  if (core instanceof z.ZodNullable || core instanceof z.ZodOptional || core instanceof z.ZodDefault)
    return rename(core.unwrap() as z.ZodType, value);
  return value;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
