import { SchemaMismatchError } from "../../vocabulary/errors.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const COMMA = 0x2c;

/**
 * Checks how deep and how wide a JSON text is before it is parsed: parsing costs memory per nested array and per value,
 * many times the text's size. What is no JSON may pass.
 *
 * @throws {SchemaMismatchError} if arrays and objects are nested deeper than `depth`, or hold more than `values` values
 */
export function checkJsonBounds(text: Uint8Array, { depth, values }: { depth: number; values: number }): void {
  let open = 0;
  let seen = 1;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i];
    if (byte === QUOTE) i = endOfString(text, i);
    else if (OPENING.has(byte)) open++;
    else if (CLOSING.has(byte)) open--;
    else if (byte !== COMMA) continue;
    if (OPENING.has(byte) || byte === COMMA) seen++;
    if (open > depth) throw new SchemaMismatchError(`the model file is nested deeper than ${depth}`);
    if (seen > values) throw new SchemaMismatchError(`the model file holds more than ${values} values`);
  }
}

/** Place of the quote that ends the string begun at `start`; the text's end where none does. */
function endOfString(text: Uint8Array, start: number): number {
  for (let end = text.indexOf(QUOTE, start + 1); end >= 0; end = text.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
