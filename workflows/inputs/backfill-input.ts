import { WINDOW_CANDLES } from "../../core/backfill/plan-windows.ts";
import { checkField, checkInput, type InputOf, refuse } from "./check-input.ts";
import { count, interval, optional, parallelism, selectors, shortText, text, time } from "./fields.ts";

const FIELDS = {
  /** Symbols, or selectors like `top:50`. */
  symbols: selectors,
  interval: optional(interval),
  /** Inclusive; default: since the listing. */
  from: optional(time),
  /** Exclusive; default: the candles that had closed when the backfill started. */
  to: optional(time),
  /** Name of a source, or `auto`. */
  source: optional(shortText),
  /** Windows at work at the same time (default 4). */
  parallelism: optional(parallelism),
  /** Candles last checked before this time are fetched again. */
  staleBefore: optional(time),
  /** Candles of a window; default: as many as it may have. */
  windowCandles: optional(count(WINDOW_CANDLES)),
  /** Binance's published files, used for whole months: a folder as the worker sees it, or an address. */
  files: optional(text(({ length }) => length > 0 && length <= 1_000, "a folder or an address of at most 1000 characters")),
};

export type BackfillInput = InputOf<typeof FIELDS>;

/** @throws {ApplicationFailure} of type InvalidInput, not retried, with the field and its value */
export function checkBackfillInput(input: unknown): BackfillInput {
  const checked = checkInput("backfill", FIELDS, input);
  const { from, to } = checked;
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to)) refuse("from", from, `before to (${to})`);
  return checked;
}

/** @throws {ApplicationFailure} of type InvalidInput, if a value can't be a parallelism */
export function checkParallelism(value: unknown): asserts value is number {
  checkField("parallelism", parallelism, value);
}
