import { createHash } from "node:crypto";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";

const KEY = "candlecast.sha256";
const BLANK = "0".repeat(64);
/** Bytes between key and value in the footer: a Thrift field header and the value's length, one byte each. */
const GAP = 2;

/** The footer of a file before it is sealed: room for the digest, and a writer's name that shows that a seal must be there. */
export const UNSEALED = { createdBy: "candlecast (sealed)", kvMetadata: [{ key: KEY, value: BLANK }] };

/**
 * Writes into a Parquet file the sha256 of all its bytes, computed with zeros in the digest's place. A flipped bit can keep a
 * decoder busy for ever; the seal reveals it before anything is decoded.
 *
 * @param bytes written with {@link UNSEALED}; changed in place
 */
export function seal(bytes: Uint8Array): Uint8Array {
  const at = placeOf(bytes);
  if (at === null || textAt(bytes, at) !== BLANK) throw new Error("the Parquet file has no room for its digest");
  bytes.set(Buffer.from(digestOf(bytes, at), "latin1"), at);
  return bytes;
}

/**
 * Checks a file's seal. Files of other writers have none, and pass.
 *
 * @throws {CorruptObjectError} if a sealed file's bytes are not those that were sealed
 */
export function checkSeal(subject: string, bytes: Uint8Array): void {
  const at = placeOf(bytes);
  if (at === null && !viewOf(bytes).includes(UNSEALED.createdBy, undefined, "latin1")) return;
  if (at === null || textAt(bytes, at) !== digestOf(bytes, at)) {
    throw new CorruptObjectError(`${subject} is damaged: its ${bytes.byteLength} bytes are not those that were written`);
  }
}

function placeOf(bytes: Uint8Array): number | null {
  const key = viewOf(bytes).lastIndexOf(KEY, undefined, "latin1");
  return key < 0 ? null : key + KEY.length + GAP;
}

function textAt(bytes: Uint8Array, at: number): string {
  return viewOf(bytes).toString("latin1", at, at + BLANK.length);
}

function digestOf(bytes: Uint8Array, at: number): string {
  const hash = createHash("sha256");
  hash.update(bytes.subarray(0, at)).update(BLANK);
  return hash.update(bytes.subarray(at + BLANK.length)).digest("hex");
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
