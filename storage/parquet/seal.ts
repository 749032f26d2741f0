import { createHash } from "node:crypto";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";

const KEY = "candlecast.sha256";
const BLANK = "0".repeat(64);
/** Between key and value in the footer: a Thrift field header and the value's length, a byte each. */
const GAP = 2;

/** What the footer of a file to be sealed says: room for the digest, and who wrote it, so that a seal that was lost is missed. */
export const UNSEALED = { createdBy: "candlecast (sealed)", kvMetadata: [{ key: KEY, value: BLANK }] };

/**
 * Writes into a Parquet file the sha256 of all its bytes, counted with zeros in the digest's own place. A decoder that is
 * given a flipped bit may count for ever; a seal tells before anything is decoded.
 *
 * @param bytes written with {@link UNSEALED}; changed in place
 */
export function seal(bytes: Uint8Array): Uint8Array {
  const at = placeOf(bytes);
  if (at === null || textAt(bytes, at) !== BLANK) throw new Error("a Parquet file without room for its digest");
  bytes.set(Buffer.from(digestOf(bytes, at), "latin1"), at);
  return bytes;
}

/**
 * Files of other writers have no seal, and pass.
 *
 * @throws {CorruptObjectError} if a sealed file's bytes are not those that were sealed
 */
export function checkSeal(subject: string, bytes: Uint8Array): void {
  const at = placeOf(bytes);
  if (at === null && !viewOf(bytes).includes(UNSEALED.createdBy, undefined, "latin1")) return;
  if (at === null || textAt(bytes, at) !== digestOf(bytes, at)) {
    throw new CorruptObjectError(`${subject} was damaged: its ${bytes.byteLength} bytes are not those that were written`);
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
