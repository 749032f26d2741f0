import { SchemaMismatchError } from "../errors.ts";

/** Bytes of a typed array as base64. */
export function encodeArray(array: Float64Array | Int32Array | Uint8Array): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
}

/** @throws {SchemaMismatchError} if a value is not finite, or the length is no multiple of 8 */
export function decodeDoubles(text: string, name: string): Float64Array {
  const values = new Float64Array(alignedBytes(text, name, 8));
  for (const value of values) if (!Number.isFinite(value)) throw new SchemaMismatchError(`the model file's ${name} holds ${value}`);
  return values;
}

/** @throws {SchemaMismatchError} if the length is no multiple of `width` */
export function decodeInts(text: string, name: string, width: 4): Int32Array;
export function decodeInts(text: string, name: string, width: 1): Uint8Array;
export function decodeInts(text: string, name: string): Int32Array;
export function decodeInts(text: string, name: string, width: 1 | 4 = 4): Int32Array | Uint8Array {
  const bytes = alignedBytes(text, name, width);
  return width === 4 ? new Int32Array(bytes) : new Uint8Array(bytes);
}

function alignedBytes(text: string, name: string, width: number): ArrayBuffer {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % width !== 0)
    throw new SchemaMismatchError(`the model file's ${name} has ${bytes.length} bytes, no multiple of ${width}`);
  return new Uint8Array(bytes).buffer;
}
