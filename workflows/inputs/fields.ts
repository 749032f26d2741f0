import { MAX_SYMBOLS, topCount } from "../../core/universe/selector.ts";
import { INTERVALS, type Interval } from "../../core/vocabulary/interval.ts";
import { ISO_TIME_WORDS, isIsoTime } from "../../core/vocabulary/iso-time.ts";
import { isSymbol } from "../../core/vocabulary/symbol.ts";

/**
 * Checks one value of an input.
 *
 * @returns the value in its normal form
 * @throws {WrongValue}
 */
export type Field<T> = (value: unknown) => T;

/** Thrown by fields, with the value, or the part of it that is wrong, and what it should be. */
export class WrongValue extends Error {
  readonly value: unknown;
  readonly wanted: string;
  constructor(value: unknown, wanted: string) {
    super(wanted);
    this.value = value;
    this.wanted = wanted;
  }
}

/** Most symbols or windows that a run may have at work at the same time. */
const MAX_PARALLELISM = 64;

export function optional<T>(field: Field<T>): Field<T | undefined> {
  return (value) => (value === undefined ? undefined : field(value));
}

export function oneOf<const T extends string>(choices: readonly T[], wanted = `one of ${choices.join(", ")}`): Field<T> {
  return (value) => need((choices as readonly unknown[]).includes(value), value, wanted) as T;
}

/** A text that passes a test. */
export function text(passes: (text: string) => boolean, wanted: string): Field<string> {
  return (value) => need(typeof value === "string" && passes(value), value, wanted) as string;
}

/** A list with at least one item. */
export function listOf<T>(item: Field<T>, wanted: string): Field<readonly T[]> {
  return (value) => (need(Array.isArray(value) && value.length > 0, value, wanted) as unknown[]).map(item);
}

/** A whole number from 1 to `most`. */
export function count(most: number): Field<number> {
  const passes = (value: unknown) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
  return (value) => need(passes(value), value, `a whole number from 1 to ${most}`) as number;
}

export const number: Field<number> = (value) => need(Number.isFinite(value), value, "a number") as number;

export const flag: Field<boolean> = (value) => need(typeof value === "boolean", value, "true or false") as boolean;

export const interval: Field<Interval> = oneOf(INTERVALS);

/** ISO 8601 date or time with a zone. */
export const time = text(isIsoTime, ISO_TIME_WORDS);

export const parallelism = count(MAX_PARALLELISM);

export const shortText = text(({ length }) => length > 0 && length <= 100, "a text of at most 100 characters");

/** One symbol in any case; it becomes upper case. */
export const symbol: Field<string> = (value) =>
  text((given) => isSymbol(given.toUpperCase()), "1 to 15 letters or digits")(value).toUpperCase();

const selector = text(
  (given) => isSymbol(given.toUpperCase()) || topCount(given) !== null,
  `1 to 15 letters or digits each, or top:N with N up to ${MAX_SYMBOLS}`,
);

/** Symbols, or selectors like `top:50`, in any case; they become upper case, each once. */
export const selectors: Field<readonly string[]> = (value) => {
  const list = listOf(selector, 'a list of symbols like ["BTC"]')(value);
  need(list.length <= MAX_SYMBOLS, value, `a list of at most ${MAX_SYMBOLS} symbols`);
  return [...new Set(list.map((given) => given.toUpperCase()))];
};

function need(passes: boolean, value: unknown, wanted: string): unknown {
  if (!passes) throw new WrongValue(value, wanted);
  return value;
}
