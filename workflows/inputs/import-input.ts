import { checkInput, type InputOf } from "./check-input.ts";
import { type Field, interval, listOf, oneOf, optional, symbol, text, time, WrongValue } from "./fields.ts";

const MAX_FILES = 300;
/** All paths together, so that the input stays small. */
const MAX_PATHS = 40_000;

const paths: Field<readonly string[]> = (value) => {
  const list = listOf(
    text(({ length }) => length > 0, "a list of paths"),
    "a list of paths",
  )(value);
  if (list.length <= MAX_FILES && list.join("").length <= MAX_PATHS) return list;
  throw new WrongValue(value, `at most ${MAX_FILES} paths with ${MAX_PATHS} characters in total`);
};

const FIELDS = {
  /** Paths as the worker sees them; CSV, gzipped, in a ZIP archive or neither, or Parquet. */
  files: paths,
  /** For files without a column of symbols. */
  symbol: optional(symbol),
  /** Default: the distance between rows. */
  interval: optional(interval),
  /** Recorded as the candles' source (default `file`). */
  source: optional(text((given) => /^[\w:.-]{1,60}$/.test(given), "1 to 60 letters, digits, or any of : . - _")),
  /** For dates that begin with day and month, where no day above 12 tells which is which. */
  dateOrder: optional(oneOf(["dmy", "mdy"], "dmy or mdy")),
  /** What columns of volumes count where a file doesn't say: coins (base) or dollars (quote). */
  volume: optional(oneOf(["base", "quote"], "base or quote")),
  /** When the files were made; candles that closed later are left out. */
  asOf: optional(time),
};

/** Files of candles to import, and what they don't tell themselves. */
export type ImportInput = InputOf<typeof FIELDS>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkImportInput(input: unknown): ImportInput {
  return checkInput("importCandles", FIELDS, input);
}
