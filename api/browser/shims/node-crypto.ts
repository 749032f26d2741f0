import { sha256Hex } from "../sha256.ts";

/** What `core/` and `storage/` use of `node:crypto`, for a bundle that runs in browsers. */
export function createHash(algorithm: string) {
  if (algorithm !== "sha256") throw new TypeError(`this bundle has no ${algorithm}`);
  const parts: Uint8Array[] = [];
  const hash = {
    update(data: string | Uint8Array) {
      parts.push(typeof data === "string" ? new TextEncoder().encode(data) : data);
      return hash;
    },
    digest(_encoding: "hex"): string {
      return sha256Hex(parts.length === 1 ? parts[0] : joined(parts));
    },
  };
  return hash;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.byteLength;
  }
  return all;
}
