import { MAX_SYMBOLS, topCount } from "../core/universe/selector.ts";
import { ISO_TIME_WORDS, isIsoTime } from "../core/vocabulary/iso-time.ts";
import { isSymbol } from "../core/vocabulary/symbol.ts";
import { Secret } from "./secret.ts";

/** Reads a variable's text, which is trimmed and not empty. @throws {Refusal} if the setting can't have this value */
export type ValueParser<T> = (text: string) => T;

/** Thrown by the parsers of this file, saying what the value should be. */
export class Refusal {
  readonly wanted: string;
  constructor(wanted: string) {
    this.wanted = wanted;
  }
}

/** A {@link Refusal} of a value that must not be shown. */
export class SecretRefusal extends Refusal {}

export const anyText: ValueParser<string> = (text) => text;

export const secretText: ValueParser<Secret> = (text) => new Secret(text);

export function oneOf<const T extends string>(values: readonly T[]): ValueParser<T> {
  return (text) => {
    const found = values.find((value) => value === text);
    if (found === undefined) throw new Refusal(`one of ${values.join(", ")}`);
    return found;
  };
}

/** As {@link oneOf}, for names in capitals that may be written in any case. */
export function oneOfCapitals<const T extends string>(values: readonly T[]): ValueParser<T> {
  return (text) => oneOf(values)(text.toUpperCase());
}

/** `true` or `false`, in any case. */
export const trueOrFalse: ValueParser<boolean> = (text) => oneOf(["true", "false"])(text.toLowerCase()) === "true";

/** `1` is yes, `0` is no. */
export const oneOrZero: ValueParser<boolean> = (text) => oneOf(["0", "1"])(text) === "1";

export function wholeNumber(least: number, most: number): ValueParser<number> {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new Refusal(`a whole number from ${least} to ${most}`);
    return value;
  };
}

export const tcpPort: ValueParser<number> = wholeNumber(1, 65_535);

/** Symbols in upper case, each once, and selectors like `TOP:50`. */
export const symbolList: ValueParser<readonly string[]> = (text) => {
  const symbols = text.split(",").map((symbol) => symbol.trim().toUpperCase());
  if (symbols.some((symbol) => topCount(symbol) === null && !isSymbol(symbol)))
    throw new Refusal(`symbols of 1 to 15 letters or digits, or top:N with N up to ${MAX_SYMBOLS}, separated by commas`);
  return [...new Set(symbols)];
};

/** An HTTP address, without slashes at its end. */
export const httpUrl: ValueParser<string> = (text) => {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new Refusal("an address like https://host");
  return text.replace(/\/+$/, "");
};

/** The path that others begin with, without a slash at its end. */
export const urlPath: ValueParser<string> = (text) => {
  const path = text.replace(/\/+$/, "");
  if (!/^(\/[A-Za-z0-9._~-]+)+$/.test(path)) throw new Refusal("a path like /prod");
  return path;
};

export const storeUrl: ValueParser<string> = (text) => {
  if (!/^file:.+/.test(text) && !/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/.test(text))
    throw new Refusal("file:FOLDER or s3://bucket/prefix");
  return text;
};

export const hostAndPort: ValueParser<string> = (text) => {
  if (!/^[^\s:/]+:\d{1,5}$/.test(text)) throw new Refusal("HOST:PORT");
  return text;
};

/** An address of this machine to listen on. */
export const listenAddress: ValueParser<string> = (text) => {
  const [, host, port] = /^(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (!host || Number(port) < 1 || Number(port) > 65_535) throw new Refusal("IP:PORT, like 127.0.0.1:9464");
  return text;
};

const CRON_FIELD = /^[\d*/,\-A-Za-z]+$/;

export const cronExpression: ValueParser<string> = (text) => {
  const fields = text.split(/\s+/);
  if (fields.length !== 5 || fields.some((field) => !CRON_FIELD.test(field)))
    throw new Refusal("a cron expression of five fields, in UTC, like 10 0 * * *");
  return text;
};

export const isoTime: ValueParser<string> = (text) => {
  if (!isIsoTime(text)) throw new Refusal(ISO_TIME_WORDS);
  return text;
};

/** `NAME=VALUE` pairs, which may hold keys. */
export const secretHeaders: ValueParser<Secret> = (text) => {
  if (text.split(",").some((pair) => !/^\s*[^=\s]+\s*=/.test(pair))) throw new SecretRefusal("NAME=VALUE pairs, separated by commas");
  return new Secret(text);
};
