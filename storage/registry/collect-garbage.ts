import type { Manifest } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import type { ObjectInfo, ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { type Latest, manifestKey, POINTER_KEY, readLatest, readManifest, readPointer } from "./reader.ts";
import {
  COLLECTED_PREFIXES,
  checkRetention,
  collectableKind,
  DAY_MS,
  type ManifestSummary,
  planCollection,
  type RetentionRules,
  summarise,
} from "./retention.ts";

/** After this many deletions, what was published meanwhile is looked at again. */
const BATCH = 20;

export interface Collection {
  /** The newest manifest when the plan was made; null where nothing is published. */
  readonly latest: string | null;
  readonly manifests: number;
  readonly retained: number;
  /** Unnamed objects that are too young to be deleted. */
  readonly young: number;
  readonly deletable: readonly ObjectInfo[];
  /** Objects and bytes of `deletable`, by kind. */
  readonly byKind: Readonly<Record<string, { readonly objects: number; readonly bytes: number }>>;
  /** Deleted now; 0 where it was only planned. */
  readonly deleted: number;
  /** Planned, but named or written again before they were deleted. */
  readonly spared: number;
}

/**
 * Lists what no retained manifest names, without touching it.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if a manifest can't be read: then nothing is known to be unnamed
 */
export async function planGarbage(reader: ObjectReader, rules: RetentionRules, now: number): Promise<Collection> {
  return (await plan(reader, rules, now)).collection;
}

/**
 * Deletes what no retained manifest names. Right before each deletion the object is looked at again, and the pointer every
 * few: what was published or written anew meanwhile is spared.
 *
 * @throws as {@link planGarbage}
 */
export async function collectGarbage(
  store: ObjectStore,
  rules: RetentionRules,
  now: number,
  { onProgress = () => {}, signal }: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<Collection> {
  const { collection, chain } = await plan(store, rules, now);
  const published = new Set(chain.map(({ version }) => version));
  const named = new Set<string>();
  let deleted = 0;
  let spared = 0;
  for (const [i, object] of collection.deletable.entries()) {
    signal?.throwIfAborted();
    if (i % BATCH === 0) {
      await nameNewer(store, published, named);
      onProgress(i, collection.deletable.length);
    }
    if (named.has(object.key) || !(await isUntouched(store, object))) {
      spared++;
      continue;
    }
    await store.delete(object.key);
    deleted++;
  }
  await store.sweep?.(now - rules.graceDays * DAY_MS);
  return { ...collection, deleted, spared };
}

async function plan(
  reader: ObjectReader,
  rules: RetentionRules,
  now: number,
): Promise<{ collection: Collection; chain: readonly ManifestSummary[] }> {
  checkRetention(rules);
  // Objects first: what is named later than this was written, or written anew, later too.
  const objects: ObjectInfo[] = [];
  for (const prefix of COLLECTED_PREFIXES) {
    for await (const info of reader.list(prefix)) if (collectableKind(info.key) !== null) objects.push(info);
  }
  const manifests = objects.filter(({ key }) => key.startsWith("manifests/"));
  const latest = await readLatest(reader);
  // The first run of all has written its manifest a moment before the pointer.
  if (!latest && manifests.some(({ lastModified }) => lastModified < now - rules.graceDays * DAY_MS)) {
    throw new CorruptObjectError(`${reader.url} has manifests but no ${POINTER_KEY}: what is named can't be told, so nothing is deleted`);
  }
  const { chain, broken } = await readChain(reader, latest);
  const inChain = new Set(chain.map(({ version }) => manifestKey(version)));
  const strays: ManifestSummary[] = [];
  for (const { key } of manifests) {
    const stored = inChain.has(key) ? null : await reader.get(key);
    if (stored) strays.push(summarise(parseManifest(stored.bytes)));
  }
  const { retained, deletable, young } = planCollection({ chain, strays, broken, objects, now }, rules);
  return {
    chain,
    collection: {
      latest: latest?.manifest.version ?? null,
      manifests: chain.length,
      retained: retained.length,
      young,
      deletable,
      byKind: countByKind(deletable),
      deleted: 0,
      spared: 0,
    },
  };
}

async function readChain(reader: ObjectReader, latest: Latest | null): Promise<{ chain: ManifestSummary[]; broken: boolean }> {
  const chain: ManifestSummary[] = [];
  let at: Manifest | null = latest?.manifest ?? null;
  while (at) {
    chain.push(summarise(at));
    const { previous }: Manifest = at;
    at = previous === null ? null : await readManifest(reader, previous);
    if (previous !== null && at === null) return { chain, broken: true };
  }
  return { chain, broken: false };
}

/** Adds what manifests name that were published since the last look. */
async function nameNewer(reader: ObjectReader, published: Set<string>, named: Set<string>): Promise<void> {
  const found = await readPointer(reader);
  if (!found || published.has(found.pointer.version)) return;
  for (let version: string | null = found.pointer.version; version !== null && !published.has(version); ) {
    const manifest: Manifest | null = await readManifest(reader, version);
    if (!manifest) throw new CorruptObjectError(`${manifestKey(version)} is missing from ${reader.url}: nothing more is deleted`);
    published.add(version);
    named.add(manifestKey(version));
    for (const key of summarise(manifest).names) named.add(key);
    version = manifest.previous;
  }
}

async function isUntouched(reader: ObjectReader, { key, lastModified }: ObjectInfo): Promise<boolean> {
  for await (const info of reader.list(key)) if (info.key === key) return info.lastModified === lastModified;
  return false;
}

function countByKind(objects: readonly ObjectInfo[]): Collection["byKind"] {
  const counts: Record<string, { objects: number; bytes: number }> = {};
  for (const { key, bytes } of objects) {
    const kind = collectableKind(key) ?? "others";
    const before = counts[kind] ?? { objects: 0, bytes: 0 };
    counts[kind] = { objects: before.objects + 1, bytes: before.bytes + bytes };
  }
  return counts;
}
