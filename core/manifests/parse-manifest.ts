import { parseDocument } from "../vocabulary/parse-document.ts";
import { type Manifest, manifestSchema } from "./manifest.ts";
import { withFormerStaleness } from "./staleness.ts";

/**
 * Reads a manifest strictly: whatever its schema doesn't allow is refused, and nothing is guessed. Only where an older
 * manifest tells why an entry is stale in a sentence alone, the reason's value is read from it.
 *
 * @throws {CorruptObjectError} if the bytes are not JSON
 * @throws {SchemaMismatchError} naming the first field that is wrong
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const manifest: Manifest = parseDocument(bytes, { name: "manifest", schema: manifestSchema, maxBytes: 64 * 1024 * 1024 });
  const symbols = Object.entries(manifest.symbols).map(([symbol, entry]) => [symbol, withFormerStaleness(entry)]);
  return { ...manifest, symbols: Object.fromEntries(symbols) };
}
