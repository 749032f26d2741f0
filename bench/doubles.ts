import { readFileSync, writeFileSync } from "node:fs";

/** Doubles as they lie in memory, for programs in other languages. */
export function writeDoubles(file: string, ...columns: readonly Float64Array[]): void {
  writeFileSync(file, Buffer.concat(columns.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength))));
}

export function readDoubles(file: string): Float64Array {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
