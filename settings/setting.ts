import type { ValueParser } from "./value-parsers.ts";

/** One setting: an environment variable, how it is read, and its words for people. */
export interface Setting<T> {
  /** The environment variable. */
  readonly variable: string;
  /** Other variables that mean the same, tried in order where the first is not set. */
  readonly aliases?: readonly string[];
  readonly parse: ValueParser<T>;
  /** The value where no variable is set; a function gets the settings that stand earlier in the table. */
  readonly fallback: NoInfer<T> | ((earlier: never) => NoInfer<T>);
  /** What the fallback is, where its value doesn't say it: Markdown. */
  readonly fallbackWords?: string;
  /** What it is for: Markdown, without a full stop. */
  readonly words: string;
}

/** A setting that always has a value. */
export function setting<T>(parts: Setting<T>): Setting<T> {
  return parts;
}

/** A setting that is null where it is not set. */
export function optionalSetting<T>(parts: Omit<Setting<T>, "fallback">): Setting<T | null> {
  return { ...parts, fallback: null };
}
