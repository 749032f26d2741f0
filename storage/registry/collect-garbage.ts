import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { CorruptObjectError } from "../../core/vocabulary/errors.ts";
import { kindOf } from "../layout.ts";
import type { ObjectInfo, ObjectReader, ObjectStore } from "../object-store/object-store.ts";
import { chain } from "./chain.ts";
import { type Latest, manifestKey, POINTER_KEY, readLatest, readPointer } from "./reader.ts";
import {
  checkRetention,
  collectableKind,
  collectablePrefixes,
  DAY_MS,
  type ManifestSummary,
  planCollection,
  type RetentionRules,
  summarise,
} from "./retention.ts";

/** After this many deletions, the manifests that were published meanwhile are read. */
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
  /** How many were deleted; 0 where it was only planned. */
  readonly deleted: number;
  /** How many were to be deleted, but were named or written again first. */
  readonly spared: number;
}

/**
 * Lists what no retained manifest names. Nothing is deleted.
 *
 * @throws {CorruptObjectError | SchemaMismatchError} if a manifest can't be read: then nobody knows what is named
 */
export async function planGarbage(reader: ObjectReader, rules: RetentionRules, now: number): Promise<Collection> {
  return (await plan(reader, rules, now)).collection;
}

/**
 * Deletes what no retained manifest names. Right before each deletion the object is looked up again, and every few deletions
 * the pointer, so that what was published or written again meanwhile is spared.
 *
 * @throws as {@link planGarbage}
 */
export async function collectGarbage(
  store: ObjectStore,
  rules: RetentionRules,
  now: number,
  { onProgress = () => {}, signal }: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<Collection> {
  const { collection, published } = await plan(store, rules, now);
  const known = new Set(published.map(({ version }) => version));
  const named = new Set<string>();
  let deleted = 0;
  let spared = 0;
  for (const [i, object] of collection.deletable.entries()) {
    signal?.throwIfAborted();
    if (i % BATCH === 0) {
      await nameNewer(store, known, named);
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
): Promise<{ collection: Collection; published: readonly ManifestSummary[] }> {
  checkRetention(rules);
  // Objects are listed before manifests are read: a manifest that is missed here names only objects written, or written again, later.
  const objects: ObjectInfo[] = [];
  for (const prefix of collectablePrefixes()) {
    for await (const info of reader.list(prefix)) if (collectableKind(info.key) !== null) objects.push(info);
  }
  const manifests = objects.filter(({ key }) => kindOf(key) === "manifests");
  const latest = await readLatest(reader);
  // The very first run stores its manifest a moment before the pointer.
  if (!latest && manifests.some(({ lastModified }) => lastModified < now - rules.graceDays * DAY_MS)) {
    throw new CorruptObjectError(
      `${reader.url} has manifests but no ${POINTER_KEY}: nobody knows which objects are named, so nothing is deleted`,
    );
  }
  const { published, broken } = await readPublished(reader, latest);
  const inChain = new Set(published.map(({ version }) => manifestKey(version)));
  const strays: ManifestSummary[] = [];
  for (const { key } of manifests) {
    const stored = inChain.has(key) ? null : await reader.get(key);
    if (stored) strays.push(summarise(parseManifest(stored.bytes)));
  }
  const { retained, deletable, young } = planCollection({ chain: published, strays, broken, objects, now }, rules);
  return {
    published,
    collection: {
      latest: latest?.manifest.version ?? null,
      manifests: published.length,
      retained: retained.length,
      young,
      deletable,
      byKind: countByKind(deletable),
      deleted: 0,
      spared: 0,
    },
  };
}

async function readPublished(reader: ObjectReader, latest: Latest | null): Promise<{ published: ManifestSummary[]; broken: boolean }> {
  const published: ManifestSummary[] = [];
  for await (const { manifest } of chain(reader, latest?.manifest ?? null)) {
    if (!manifest) return { published, broken: true };
    published.push(summarise(manifest));
  }
  return { published, broken: false };
}

/** Adds to `known` and `named` the manifests that were published since the last look, and what they name. */
async function nameNewer(reader: ObjectReader, known: Set<string>, named: Set<string>): Promise<void> {
  const version = (await readPointer(reader))?.pointer.version ?? null;
  if (version === null || known.has(version)) return;
  for await (const link of chain(reader, version)) {
    if (!link.manifest) throw new CorruptObjectError(`${manifestKey(link.version)} is missing from ${reader.url}: nothing more is deleted`);
    known.add(link.version);
    named.add(manifestKey(link.version));
    for (const key of summarise(link.manifest).names) named.add(key);
    if (link.manifest.previous !== null && known.has(link.manifest.previous)) return;
  }
}

async function isUntouched(reader: ObjectReader, { key, lastModified }: ObjectInfo): Promise<boolean> {
  return (await reader.stat(key))?.lastModified === lastModified;
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
