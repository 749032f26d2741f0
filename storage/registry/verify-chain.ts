import { VERSION_PATTERN } from "../../core/manifests/manifest-version.ts";
import { objectRefs } from "../../core/manifests/object-refs.ts";
import { contentDigest } from "../../core/manifests/seal-version.ts";
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import { currentKey, keyOf, kindOf } from "../layout.ts";
import { sha256Hex } from "../object-store/immutable.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { walk } from "./chain.ts";
import { manifestKey, POINTER_KEY, readPointer } from "./reader.ts";
import type { VerifiedObject } from "./verify-object.ts";

/** Nothing says what the pointer's bytes should be. */
const POINTER = { key: POINTER_KEY, namedBy: [], published: "", found: null };

export interface VerifiedChain {
  readonly version: string;
  /** The manifest as it is stored, of whatever schema; null where it can't be read. */
  readonly manifest: unknown;
  /** The pointer, the newest manifest, the one that was asked for, the one before it, and all on the way that are damaged. */
  readonly objects: readonly VerifiedObject[];
  /** `key\nsha256`, by their current keys, of all candle files that manifests newer than the one that was asked for name. */
  readonly namedLater: ReadonlySet<string>;
}

/** The fields of a manifest, of whatever schema, that are read here. */
interface Content {
  readonly version?: unknown;
  readonly previous?: unknown;
  readonly symbols?: unknown;
  readonly forecasts?: unknown;
}

interface VerifiedManifest {
  readonly content: Content | null;
  readonly previous: string | null;
  readonly verified: VerifiedObject;
}

/**
 * Verifies the manifests from `manifests/latest.json` back to one of them. A version ends with the first digits of the digest of
 * its manifest's content, and each manifest names the one before it, so a manifest that was changed later is found.
 *
 * @param version null for the newest
 * @returns null if there is no such manifest
 */
export async function verifyChain(reader: ObjectReader, version: string | null, signal?: AbortSignal): Promise<VerifiedChain | null> {
  const pointed = await verifyPointer(reader);
  const asked = version ?? pointed?.version ?? null;
  if (asked === null) return pointed && { version: "latest", manifest: null, objects: [pointed.verified], namedLater: new Set() };
  const objects: VerifiedObject[] = [pointed?.verified ?? { ...POINTER, status: "missing", why: null }];
  const namedLater = new Set<string>();
  const newest = pointed?.version ?? null;
  let namedBy = `${POINTER_KEY} version`;
  const read = async (next: string): Promise<VerifiedManifest> => {
    signal?.throwIfAborted();
    const found = await verifyManifest(reader, next, [namedBy], next === newest ? (pointed?.sha256 ?? null) : null);
    namedBy = `${next} previous`;
    return found;
  };
  for await (const { version: at, manifest } of walk(newest, read)) {
    if (!manifest) break;
    const { content, previous, verified } = manifest;
    if (at === asked || at === newest || verified.status !== "ok") objects.push(verified);
    if (at === asked) {
      if (previous !== null) objects.push((await verifyManifest(reader, previous, [`${at} previous`], null)).verified);
      return { version: asked, manifest: content, objects, namedLater };
    }
    for (const { ref } of objectRefs(content)) if (kindOf(ref.key) === "candles") namedLater.add(`${currentKey(ref.key)}\n${ref.sha256}`);
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

/** @param sha256 the digest that the pointer names; null where only the version tells what the content should be */
async function verifyManifest(
  reader: ObjectReader,
  version: string,
  namedBy: readonly string[],
  sha256: string | null,
): Promise<VerifiedManifest> {
  const digits = VERSION_PATTERN.test(version) ? version.slice(version.indexOf("-") + 1) : "";
  const object = { key: manifestKey(version), namedBy, published: sha256 ?? digits };
  const stored = digits === "" ? null : await reader.get(object.key);
  if (!stored) return { content: null, previous: null, verified: { ...object, status: "missing", found: null, why: null } };
  const found = sha256Hex(stored.bytes);
  const content = parseContent(stored.bytes);
  const own = content ? contentDigest(content) : "";
  const isOwn = content?.version === version && own.startsWith(digits) && namesOwnForecasts(content);
  const asNamed = sha256 === null || sha256 === found;
  const status = isOwn && asNamed ? "ok" : "changed";
  const complaint = isOwn ? "its bytes are not those that the pointer names" : "its content is not the one that its version stands for";
  const why = status === "ok" ? null : complaint;
  const verified: VerifiedObject = { ...object, found: sha256 === null ? own || found : found, status, why };
  return { content, previous: versionOf(content?.previous), verified };
}

/** The digest leaves this field out; its key at least must be that of the version. */
function namesOwnForecasts({ version, forecasts }: Content): boolean {
  if (forecasts === undefined) return true;
  const { key } = (forecasts ?? {}) as { key?: unknown };
  return key === keyOf("forecasts", { version: String(version) });
}

function parseContent(bytes: Uint8Array): Content | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function versionOf(value: unknown): string | null {
  return typeof value === "string" && VERSION_PATTERN.test(value) ? value : null;
}
