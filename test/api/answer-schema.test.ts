import { describe, expect, test } from "vitest";
import { z } from "zod";
import { answerSchema, answerShape, answerValue, componentKey } from "../../api/answers/answer-schema.ts";

const stored = z.strictObject({
  howMany: z.int().describe("how many"),
  addedLater: z.number().nullable().default(null).describe("added later"),
});

describe("an answer's schema", () => {
  test("has the core's fields in snake_case, with their limits and descriptions", () => {
    const answer = answerSchema(stored);
    expect(answer.safeParse({ how_many: 1, added_later: null }).success).toBe(true);
    expect(answer.safeParse({ how_many: 0.5, added_later: null }).success).toBe(false);
    expect(z.toJSONSchema(answer).properties).toMatchObject({
      how_many: { description: "how many" },
      added_later: { description: "added later" },
    });
    expect(Object.keys(answerShape(stored))).toEqual(["how_many", "added_later"]);
  });

  test("allows more fields than the stored document, at any depth", () => {
    const value = { all_items: [{ how_many: 1, added_later: null, more: true }], more: true };
    const document = z.strictObject({ allItems: z.array(stored).nullable() });
    expect(answerSchema(document).safeParse(value).success).toBe(true);
  });

  test("requires every field that a stored document may lack", () => {
    expect(stored.safeParse({ howMany: 1 }).success).toBe(true);
    expect(answerSchema(stored).safeParse({ how_many: 1 }).success).toBe(false);
  });

  test("uses the named part for a schema, also where it is nullable or has another description", () => {
    const part = answerSchema(stored);
    const components = new Map([[componentKey(stored), part]]);
    expect(answerSchema(stored, components)).toBe(part);
    expect(answerSchema(stored.describe("the part"), components)).toMatchObject({ description: "the part", shape: expect.anything() });
    const nullable = answerSchema(stored.nullable(), components);
    expect(nullable.safeParse(null).success).toBe(true);
    expect(z.toJSONSchema(nullable).anyOf).toHaveLength(2);
  });
});

describe("an answer's value", () => {
  test("has fields in snake_case at every depth, records' keys as they are, and no field that the schema lacks", () => {
    const schema = z.strictObject({
      allItems: z.array(stored),
      byName: z.record(z.string(), stored).nullable(),
      goneBy: z.number().optional(),
    });
    const item = { howMany: 1, addedLater: null };
    const value = { allItems: [{ ...item, secret: 1 }], byName: { camelCase: item }, more: true };
    expect(answerValue(schema.omit({ byName: true }), value)).toEqual({ all_items: [{ how_many: 1, added_later: null }] });
    expect(answerValue(schema.pick({ byName: true }), value)).toEqual({ by_name: { camelCase: { how_many: 1, added_later: null } } });
    expect(answerValue(schema.pick({ byName: true }), { byName: null })).toEqual({ by_name: null });
  });

  test("is of the answer's schema", () => {
    const value = answerValue(stored, { howMany: 2, addedLater: 0.5 });
    expect(answerSchema(stored).parse(value)).toEqual({ how_many: 2, added_later: 0.5 });
  });
});
