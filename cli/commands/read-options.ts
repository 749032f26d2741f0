import { UsageError } from "../usage-error.ts";

/** `btc, ETH` as `["BTC", "ETH"]`; undefined if the option isn't given. */
export function symbolList(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((symbol) => symbol.trim().toUpperCase())
    .filter(Boolean);
}

/** A number if the text is one; else the text, so that the option's check can refuse it by its name. */
export function numberOrText(text: string | undefined): number | string | undefined {
  return text === undefined || text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

/** @throws {UsageError} with the reason of a check that refuses the command line */
export function usage<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
