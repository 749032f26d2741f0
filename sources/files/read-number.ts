import type { Cell } from "./table.ts";

const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const UNKNOWN = new Set(["", "null", "nan", "none", "n/a", "na", "-"]);

export function isPlainNumber(text: string): boolean {
  return PLAIN.test(text);
}

/**
 * A number as a program writes it. Null where the file says that it is unknown.
 *
 * @returns an error's reason for anything else: what a spreadsheet made of a number in its own locale has lost its decimal point,
 * and is not guessed
 */
export function readNumber(cell: Cell): number | null | { readonly reason: string } {
  if (cell === null || cell === undefined) return null;
  if (typeof cell === "number") return Number.isNaN(cell) ? null : cell;
  if (typeof cell === "bigint") return Number(cell);
  if (typeof cell !== "string") return { reason: `${JSON.stringify(cell)} is no number` };
  const text = cell.trim();
  if (UNKNOWN.has(text.toLowerCase())) return null;
  if (PLAIN.test(text)) return Number(text);
  const isLocale = /^[+-]?\d{1,3}([.,' \u00a0]\d+)+$/.test(text);
  return {
    reason: `${JSON.stringify(text.slice(0, 60))} is no plain number${isLocale ? ": separators of thousands or a decimal comma, as a spreadsheet's locale leaves them, are not guessed" : ""}`,
  };
}
