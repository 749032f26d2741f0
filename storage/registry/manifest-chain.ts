import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { objectRefs } from "../../core/manifests/object-refs.ts";
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import { isCandleFile } from "../candle-files/candles-of-then.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { manifestKey, POINTER_KEY, readPointer } from "./reader.ts";
import type { VerifiedObject } from "./verify-object.ts";

/** Nothing says what its bytes should be. */
const POINTER = { key: POINTER_KEY, namedBy: [], published: "", found: null };
const VERSION = /^\d{8}T\d{6}Z-([0-9a-f]{8})$/;

export interface Chain {
  readonly version: string;
  /** The manifest as it is stored, of whatever schema; null where it can't be read. */
  readonly manifest: unknown;
  /** Pointer and manifests: the one that was asked for, the newest, the one before, and whatever is not as it should be. */
  readonly objects: readonly VerifiedObject[];
  /** `key\nsha256` of all candle files that manifests after the one that was asked for name. */
  readonly namedLater: ReadonlySet<string>;
}

/** What is looked at of a manifest of whatever schema. */
interface Content {
  readonly version?: unknown;
  readonly previous?: unknown;
  readonly symbols?: unknown;
}

interface Link {
  readonly content: Content | null;
  readonly verified: VerifiedObject;
}

/**
 * Walks from `manifests/latest.json` back to a manifest. A version ends in the first digits of the digest of its manifest's
 * content, and each manifest names the one before, so a manifest that was changed afterwards is found out.
 *
 * @param version null for the newest
 * @returns null if there is no such manifest
 */
export async function followChain(reader: ObjectReader, version: string | null, signal?: AbortSignal): Promise<Chain | null> {
  const pointed = await verifyPointer(reader);
  const asked = version ?? pointed?.version ?? null;
  if (asked === null) return pointed && { version: "latest", manifest: null, objects: [pointed.verified], namedLater: new Set() };
  const objects: VerifiedObject[] = [pointed?.verified ?? { ...POINTER, status: "missing", why: null }];
  const namedLater = new Set<string>();
  const seen = new Set<string>();
  let namedBy = `${POINTER_KEY} version`;
  let next = pointed?.version ?? null;
  while (next !== null && !seen.has(next)) {
    signal?.throwIfAborted();
    seen.add(next);
    const { content, verified }: Link = await verifyManifest(reader, next, [namedBy], seen.size === 1 ? (pointed?.sha256 ?? null) : null);
    if (next === asked || seen.size === 1 || verified.status !== "ok") objects.push(verified);
    const previous = versionOf(content?.previous);
    if (next === asked) {
      if (previous !== null) objects.push((await verifyManifest(reader, previous, [`${next} previous`], null)).verified);
      return { version: asked, manifest: content, objects, namedLater };
    }
    for (const { ref } of objectRefs(content)) if (isCandleFile(ref.key)) namedLater.add(`${ref.key}\n${ref.sha256}`);
    namedBy = `${next} previous`;
    next = previous;
  }
  const { content, verified } = await verifyManifest(reader, asked, [], null);
  if (verified.found === null) return null;
  const unlinked: VerifiedObject = { ...verified, status: "unlinked", why: `${POINTER_KEY} does not lead to it` };
  return { version: asked, manifest: content, objects: [...objects, verified.status === "ok" ? unlinked : verified], namedLater };
}

async function verifyPointer(
  reader: ObjectReader,
): Promise<{ version: string | null; sha256: string | null; verified: VerifiedObject } | null> {
  try {
    const found = await readPointer(reader);
    if (!found) return null;
    const { version, sha256 } = found.pointer;
    return { version, sha256, verified: { ...POINTER, status: "ok", why: null } };
  } catch (error) {
    if (!(error instanceof CandlecastError) || !["CorruptObject", "SchemaMismatch"].includes(error.name)) throw error;
    return { version: null, sha256: null, verified: { ...POINTER, status: "changed", why: error.message } };
  }
}

async function verifyManifest(reader: ObjectReader, version: string, namedBy: readonly string[], sha256: string | null): Promise<Link> {
  const digits = VERSION.exec(version)?.[1] ?? "";
  const object = { key: manifestKey(version), namedBy, published: sha256 ?? digits };
  const stored = digits === "" ? null : await reader.get(object.key);
  if (!stored) return { content: null, verified: { ...object, status: "missing", found: null, why: null } };
  const found = sha256Hex(stored.bytes);
  const content = parseContent(stored.bytes);
  const own = content ? contentDigest(content, version) : "";
  const isOwn = content?.version === version && own.startsWith(digits);
  const asNamed = sha256 === null || sha256 === found;
  const status = isOwn && asNamed ? "ok" : "changed";
  const complaint = isOwn ? "its bytes are not those that the pointer names" : "its content is not the one that its version stands for";
  const why = status === "ok" ? null : complaint;
  return { content, verified: { ...object, found: sha256 === null ? own || found : found, status, why } };
}

function parseContent(bytes: Uint8Array): Content | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

/** Digest that a manifest's version is made of: of its content without the version, which its own entries name too. */
function contentDigest(content: Content, version: string): string {
  const symbols = Object.fromEntries(
    Object.entries((content.symbols ?? {}) as Record<string, { since?: unknown }>).map(([symbol, entry]) => [
      symbol,
      entry?.since === version ? { ...entry, since: "" } : entry,
    ]),
  );
  return sha256Hex(encodeManifest({ ...content, version: "", symbols } as unknown as Manifest));
}

function versionOf(value: unknown): string | null {
  return typeof value === "string" && VERSION.test(value) ? value : null;
}
