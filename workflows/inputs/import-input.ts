import * as z from "zod/mini";
import { checkInput } from "./check-input.ts";
import { interval, symbol, time } from "./fields.ts";

const MAX_FILES = 300;
/** All paths together, so that the input stays small. */
const MAX_PATHS = 40_000;

const FILES_TEXT = "a list of paths";
const SOURCE_TEXT = "1 to 60 letters, digits, or any of : . - _";

const schema = z.strictObject(
  {
    /** Paths as the worker sees them; CSV, gzipped or not, or Parquet. */
    files: z.readonly(
      z.array(z.string(FILES_TEXT).check(z.minLength(1, FILES_TEXT)), FILES_TEXT).check(
        z.minLength(1, FILES_TEXT),
        z.refine(
          (paths) => paths.length <= MAX_FILES && paths.join("").length <= MAX_PATHS,
          `at most ${MAX_FILES} paths with ${MAX_PATHS} characters in total`,
        ),
      ),
    ),
    /** For files without a column of symbols. */
    symbol: z.optional(symbol),
    /** Default: the distance between rows. */
    interval: z.optional(interval),
    /** Recorded as the candles' source (default `file`). */
    source: z.optional(z.string(SOURCE_TEXT).check(z.regex(/^[\w:.-]{1,60}$/, SOURCE_TEXT))),
    /** For dates that begin with day and month, where no day above 12 tells which is which. */
    dateOrder: z.optional(z.enum(["dmy", "mdy"], "dmy or mdy")),
    /** When the files were made; candles that closed later are left out. */
    asOf: z.optional(time),
  },
  "an object",
);

/** Files of candles to import, and what they don't tell themselves. */
export type ImportInput = Readonly<z.output<typeof schema>>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkImportInput(input: unknown): ImportInput {
  return checkInput("importCandles", schema, input ?? {});
}
