import { z } from "zod";
import { countSchema, digestSchema } from "./schemas.ts";

/** Slash-separated segments of plain characters, none of them `.` or `..`: such a key can't leave its store. */
const KEY_PATTERN = /^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9=_.-]+(\/[A-Za-z0-9=_.-]+)*$/;

export const objectRefSchema = z.strictObject({
  key: z.string().regex(KEY_PATTERN).max(500),
  sha256: digestSchema,
  bytes: countSchema,
  rows: countSchema.nullable().describe("null where the object has no rows, as a model file"),
});

/** A stored object, named by key and content. */
export type ObjectRef = Readonly<z.infer<typeof objectRefSchema>>;
