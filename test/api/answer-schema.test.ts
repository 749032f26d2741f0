import { expect, test } from "vitest";
import { z } from "zod";
import { answerSchema } from "../../api/answer-schema.ts";

const stored = z.strictObject({ n: z.int().describe("how many"), later: z.number().nullable().default(null).describe("added later") });

test("an answer may have more fields than the stored document, at any depth", () => {
  const value = { items: [{ n: 1, later: null, more: true }], more: true };
  const document = z.strictObject({ items: z.array(stored).nullable() });
  expect(document.safeParse(value).success).toBe(false);
  expect(answerSchema(document).safeParse(value).success).toBe(true);
});

test("an answer has every field that the stored document may lack", () => {
  expect(stored.safeParse({ n: 1 }).success).toBe(true);
  expect(answerSchema(stored).safeParse({ n: 1 }).success).toBe(false);
});

test("an answer's fields keep their limits and descriptions", () => {
  const answer = answerSchema(stored);
  expect(answer.safeParse({ n: 0.5, later: null }).success).toBe(false);
  expect(z.toJSONSchema(answer).properties).toMatchObject({ n: { description: "how many" }, later: { description: "added later" } });
});
