import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { contentDigest } from "../../core/manifests/seal-version.ts";
import { keyOf } from "../../storage/layout.ts";
import { type Fetched, getBytes, type Source } from "./get-bytes.ts";
import { sha256Hex } from "./sha256.ts";
import { compared, type Difference, type Step, unchecked } from "./step.ts";

export interface CheckedManifest {
  readonly steps: readonly Step[];
  /** with the entry of the coin alone; null where it can't be read */
  readonly manifest: Manifest | null;
}

/**
 * Checks a manifest's stored bytes: that they have the digest that its version ends with, that they are written as manifests are,
 * and that they have the pointer's digest, where the pointer names this manifest.
 */
export async function checkManifest(source: Source & { readonly symbol: string }, version: string): Promise<CheckedManifest> {
  const { symbol } = source;
  const name = "manifest";
  const key = keyOf("manifests", { version });
  // A pointer that can't be read takes nothing else from the check.
  const failed = (error: Error): Fetched => ({ bytes: null, why: error.message });
  const [stored, pointer] = await Promise.all([getBytes(source, `manifests/${version}/stored`), getBytes(source, "pointer").catch(failed)]);
  if (stored.bytes === null) {
    const difference = { of: key, expected: "the manifest that the answer names", found: stored.why };
    return { steps: [compared(name, "its stored bytes", [difference])], manifest: null };
  }
  const differences: Difference[] = [];
  const expect = (of: string, expected: string, found: string) => {
    if (expected !== found) differences.push({ of, expected, found });
  };
  let manifest: Manifest | null = null;
  try {
    const raw = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(stored.bytes)) as Manifest;
    expect(`${key}: its version`, version, String(raw.version));
    expect(
      `${key}: its content`,
      `a digest that begins with ${version.slice(-8)}`,
      `a digest that begins with ${contentDigest(raw).slice(0, 8)}`,
    );
    const canonical = encodeManifest(raw);
    if (!areEqual(canonical, stored.bytes)) expect(`${key}: its bytes`, sha256Hex(canonical), sha256Hex(stored.bytes));
    manifest = readOwn(raw, symbol);
  } catch (error) {
    differences.push({ of: key, expected: "a manifest", found: (error as Error).message });
  }
  const steps = [compared(name, "its bytes: how they are written, and the digest that its version ends with", differences)];
  return { steps: [...steps, comparePointer(pointer, version, stored.bytes)], manifest };
}

/** The manifest as the pipeline reads it, with one coin: the others' entries are in the digests, but not needed. */
function readOwn(raw: Manifest, symbol: string): Manifest {
  const { [symbol]: entry } = raw.symbols;
  return parseManifest(encodeManifest({ ...raw, symbols: entry ? { [symbol]: entry } : {} }));
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}

function comparePointer(fetched: Fetched, version: string, manifest: Uint8Array): Step {
  const name = "newest";
  const what = "sha256 of the manifest, against the pointer to the newest";
  if (fetched.bytes === null) return unchecked(name, what, fetched.why);
  try {
    const pointer = JSON.parse(new TextDecoder().decode(fetched.bytes)) as { version?: unknown; sha256?: unknown };
    if (pointer.version !== version)
      return unchecked(name, what, `The pointer names ${String(pointer.version)}, so the answer is of an older manifest.`);
    const found = sha256Hex(manifest);
    const isSame = pointer.sha256 === found;
    return compared(name, what, isSame ? [] : [{ of: keyOf("manifests", { version }), expected: String(pointer.sha256), found }]);
  } catch (error) {
    return compared(name, what, [{ of: keyOf("pointer", {}), expected: "a pointer", found: (error as Error).message }]);
  }
}
