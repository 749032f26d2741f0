import { UsageError } from "../usage-error.ts";

/** `btc, ETH` as `["BTC", "ETH"]`; undefined where nothing was given. */
export function symbolList(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((symbol) => symbol.trim().toUpperCase())
    .filter(Boolean);
}

/** A number where it is one; any other text stays, for the check that refuses it by name. */
export function numberOrText(text: string | undefined): number | string | undefined {
  return text === undefined || text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

/** @throws {UsageError} with the reason for which a check refuses what was given */
export function usage<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
