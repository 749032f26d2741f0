import { z } from "@hono/zod-openapi";

/**
 * The schema of a stored document as that of an answer: fields can be added later, and fields that got a default when the
 * document was read are always there. Descriptions are kept.
 */
export function answerSchema<T extends z.ZodType>(stored: T): z.ZodType<z.output<T>> {
  const answer = rebuild(stored);
  return (stored.description === undefined ? answer : answer.describe(stored.description)) as z.ZodType<z.output<T>>;
}

function rebuild(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject)
    return z.object(Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, answerSchema(field as z.ZodType)])));
  if (schema instanceof z.ZodArray) return z.array(answerSchema(schema.element as z.ZodType));
  if (schema instanceof z.ZodNullable) return answerSchema(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodDefault) return answerSchema(schema.unwrap() as z.ZodType);
  return schema;
}
