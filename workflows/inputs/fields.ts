import * as z from "zod/mini";
import { MAX_SYMBOLS, topCount } from "../../core/universe/selector.ts";
import { INTERVALS } from "../../core/vocabulary/interval.ts";
import { isSymbol } from "../../core/vocabulary/symbol.ts";

/** Most symbols or windows that a run may have at work at the same time. */
const MAX_PARALLELISM = 64;

const SYMBOL_TEXT = "1 to 15 letters or digits";
const SELECTOR_TEXT = `${SYMBOL_TEXT} each, or top:N with N up to ${MAX_SYMBOLS}`;
const LIST_TEXT = 'a list of symbols like ["BTC"]';
const TIME_TEXT = "an ISO 8601 date or time with a zone, like 2020-12-31 or 2020-12-31T12:00:00Z";
const SHORT_TEXT = "a text of at most 100 characters";
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/** One symbol in any case; it becomes upper case. */
export const symbol = z.string(SYMBOL_TEXT).check(z.toUpperCase(), z.refine(isSymbol, SYMBOL_TEXT));

const selector = z.string(SELECTOR_TEXT).check(
  z.toUpperCase(),
  z.refine((text) => isSymbol(text) || topCount(text) !== null, SELECTOR_TEXT),
);

/** Symbols, or selectors like `top:50`, in any case; they become upper case, each once. */
export const selectors = z.readonly(
  z.array(selector, LIST_TEXT).check(
    z.minLength(1, LIST_TEXT),
    z.maxLength(MAX_SYMBOLS, `a list of at most ${MAX_SYMBOLS} symbols`),
    z.overwrite((list) => [...new Set(list)]),
  ),
);

export const interval = z.enum(INTERVALS, `one of ${INTERVALS.join(", ")}`);

/** ISO 8601 date or time with a zone. */
export const time = z.string(TIME_TEXT).check(z.refine((text) => ISO_TIME.test(text) && !Number.isNaN(Date.parse(text)), TIME_TEXT));

/** A whole number from 1 to `most`. */
export function count(most: number) {
  const wanted = `a whole number from 1 to ${most}`;
  return z.int(wanted).check(z.gte(1, wanted), z.lte(most, wanted));
}

export const parallelism = count(MAX_PARALLELISM);

export const shortText = z.string(SHORT_TEXT).check(z.minLength(1, SHORT_TEXT), z.maxLength(100, SHORT_TEXT));
