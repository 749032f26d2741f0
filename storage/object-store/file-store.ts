import { randomUUID } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, link, mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PreconditionFailedError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { withFileLock } from "./file-lock.ts";
import { sha256Hex } from "./immutable.ts";
import { checkKey, isUsableKey, PRIVATE } from "./keys.ts";
import type { ObjectInfo, ObjectStore } from "./object-store.ts";

/**
 * A store in a folder, with the same guarantees between processes as S3's conditional puts. An object is written under a
 * temporary name; link(2), which fails if the name exists, makes it new, and rename(2) under a lock per key replaces it. An etag
 * is the content's sha256.
 */
export function createFileStore(folder: string): ObjectStore {
  const root = resolve(folder);
  const pathOf = (key: string) => join(root, ...checkKey(key).split("/"));
  const guard = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explain(root, key, error);
    }
  };
  return {
    url: `file:${folder}`,
    get: (key) =>
      guard(key, async () => {
        const found = await readOrNull(pathOf(key));
        return found ? { ...found, etag: sha256Hex(found.bytes) } : null;
      }),
    stat: (key) =>
      guard(key, async () => {
        const info = await statOrNull(pathOf(key));
        return info?.isFile() ? { key, bytes: info.size, lastModified: info.mtimeMs } : null;
      }),
    async *list(prefix) {
      const start = prefix.includes("/") ? prefix.slice(0, prefix.lastIndexOf("/")) : "";
      if (start !== "" && !isUsableKey(start)) return;
      try {
        yield* walk(root, start, prefix);
      } catch (error) {
        throw explain(root, prefix, error);
      }
    },
    put: (key, bytes, condition) =>
      guard(key, async () => {
        const path = pathOf(key);
        await mkdir(dirname(path), { recursive: true });
        await mkdir(join(root, PRIVATE), { recursive: true });
        const temporary = join(root, PRIVATE, `${randomUUID()}.tmp`);
        try {
          await writeSynced(temporary, bytes);
          if ("ifAbsent" in condition) await linkNew(temporary, path, key);
          else await replaceIf(temporary, path, key, condition.ifMatch, join(root, PRIVATE, `${sha256Hex(Buffer.from(key))}.lock`));
        } finally {
          await unlink(temporary).catch(() => {});
        }
        return { etag: sha256Hex(bytes) };
      }),
    delete: (key) =>
      guard(key, async () => {
        await unlink(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== "ENOENT") throw error;
        });
      }),
    async checkAddress() {
      if ((await statOrNull(root))?.isDirectory()) return;
      const text = `there is no folder ${root}; the first run makes it, or STORE_URL is wrong`;
      throw new StoreUnavailableError(text, { wrongAddress: true });
    },
    sweep: (before) => guard(PRIVATE, () => sweepPrivate(join(root, PRIVATE), before)),
  };
}

/** Removes temporary files and lock candidates of killed writers. A lock itself is taken over by the next writer that wants it. */
async function sweepPrivate(folder: string, before: number): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  for (const name of names.filter((candidate) => /\.tmp$|\.lock\.[0-9a-f]{8}-[0-9a-f-]{27}$/.test(candidate))) {
    const info = await stat(join(folder, name)).catch(() => null);
    if (info && info.mtimeMs < before) await unlink(join(folder, name)).catch(() => {});
  }
}

async function linkNew(temporary: string, path: string, key: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw new PreconditionFailedError(`${key} exists already`);
    throw error;
  }
}

async function replaceIf(temporary: string, path: string, key: string, etag: string, lock: string): Promise<void> {
  await withFileLock(lock, async () => {
    const found = await readOrNull(path);
    if (!found || sha256Hex(found.bytes) !== etag) throw new PreconditionFailedError(`${key} has changed`);
    await rename(temporary, path);
  });
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "wx");
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file?.close();
  }
}

/** Bytes and time of the same file, even if another file takes its name meanwhile. */
async function readOrNull(path: string): Promise<{ bytes: Uint8Array; lastModified: number } | null> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, "r");
    const { mtimeMs } = await file.stat();
    return { bytes: new Uint8Array(await file.readFile()), lastModified: mtimeMs };
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  } finally {
    await file?.close();
  }
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
}

/** Objects below a folder of the store whose key begins with the prefix, ordered by key. */
async function* walk(root: string, folder: string, prefix: string): AsyncIterable<ObjectInfo> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  const named = entries
    .filter(({ name }) => folder !== "" || name !== PRIVATE)
    .map((entry) => ({ entry, order: entry.isDirectory() ? `${entry.name}/` : entry.name }));
  for (const { entry } of named.sort((a, b) => (a.order < b.order ? -1 : 1))) {
    const key = folder === "" ? entry.name : `${folder}/${entry.name}`;
    const comes = entry.isDirectory() ? `${key}/`.startsWith(prefix) || prefix.startsWith(`${key}/`) : key.startsWith(prefix);
    if (!comes) continue;
    if (entry.isDirectory()) yield* walk(root, key, prefix);
    else {
      const info = await stat(join(root, key)).catch(() => null);
      if (info) yield { key, bytes: info.size, lastModified: info.mtimeMs };
    }
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full: free some space, then run again",
  EDQUOT: "the quota is used up: free some space, then run again",
  EACCES: "no permission: give this user access to the folder, or set STORE_URL to another",
  EPERM: "no permission: give this user access to the folder, or set STORE_URL to another",
  EROFS: "the file system is read-only: set STORE_URL to another folder",
};

function explain(root: string, key: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code !== "string") return error;
  return new StoreUnavailableError(`${key} in ${root}: ${HINTS[code] ?? `the file system answered ${code}`}`, { cause: error });
}
