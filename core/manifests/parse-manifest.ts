import { parseDocument } from "../vocabulary/parse-document.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";

/**
 * Reads a manifest strictly: whatever its schema doesn't allow is refused, and nothing is guessed.
 *
 * @throws {CorruptObjectError} if the bytes are not JSON
 * @throws {SchemaMismatchError} naming the first field that is wrong
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  return parseDocument(bytes, { name: "manifest", schema: manifestSchema, maxBytes: 64 * 1024 * 1024 });
}
