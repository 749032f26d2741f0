import { CandlecastError, CorruptObjectError, SchemaMismatchError, StoreUnavailableError } from "../core/vocabulary/errors.ts";
import type { ObjectReader } from "../storage/object-store/object-store.ts";
import { POINTER_KEY, readLatest, readPointer } from "../storage/registry/reader.ts";
import { loadManifest } from "./load-manifest.ts";
import type { Served } from "./served.ts";

export interface ReloadResult {
  readonly changed: boolean;
  /** of the manifest that is served now */
  readonly version: string | null;
}

export interface LiveRegistry {
  /** The newest manifest that could be loaded whole; null where there is none yet. */
  current(): Served | null;
  /** Why the newest could not be loaded, or the store not be read; null where all is well. */
  problem(): string | null;
  /** Looks for a newer manifest now; what was published before the call is found. */
  reload(): Promise<ReloadResult>;
  close(): void;
}

export interface LiveRegistryOptions {
  /** How often it looks for a newer one by itself; 0: never. */
  readonly pollMs: number;
  /** After that long without an answer the store counts as failing, and the next look may start (default 60 s). */
  readonly timeoutMs?: number;
  /** Told once of each new problem. */
  readonly onProblem?: (error: Error) => void;
}

/** Polling reads a broken manifest's objects again only after this time. */
const BROKEN_AGAIN_MS = 30_000;

/**
 * Holds the newest good manifest. A newer one is loaded whole before it takes the place, so that a request sees the old or
 * the new; one that is broken, or a store that can't be read, leaves the last good one in place.
 */
export function createLiveRegistry(reader: ObjectReader, options: LiveRegistryOptions): LiveRegistry {
  const { pollMs, timeoutMs = 60_000, onProblem } = options;
  let served: Served | null = null;
  let etag: string | null = null;
  let trouble: string | null = null;
  let broken: { readonly etag: string; readonly againAt: number } | null = null;
  let newestLook = 0;
  let underWay: Promise<ReloadResult> | null = null;
  let queued: Promise<ReloadResult> | null = null;

  const result = (changed: boolean): ReloadResult => ({ changed, version: served?.manifest.version ?? null });

  function fail(error: unknown): ReloadResult {
    const message =
      error instanceof CandlecastError ? error.message : "Looking for a newer manifest failed unexpectedly; the service's log says more.";
    if (message !== trouble) onProblem?.(error instanceof Error ? error : new Error(String(error)));
    trouble = message;
    return result(false);
  }

  /** `isNewest` is false once this look was given up: what it then finds counts no more. */
  async function look(patient: boolean, isNewest: () => boolean): Promise<ReloadResult> {
    let seen: string | null = null;
    try {
      const found = await readPointer(reader);
      if (!isNewest()) return result(false);
      if (!found) {
        if (served) throw new CorruptObjectError(`${POINTER_KEY} is gone from ${reader.url}`);
        trouble = null;
        return result(false);
      }
      if (found.etag === etag && trouble === null) return result(false);
      if (patient && broken?.etag === found.etag && performance.now() < broken.againAt) return result(false);
      seen = found.etag;
      const latest = await readLatest(reader);
      if (!latest) throw new CorruptObjectError(`${POINTER_KEY} is gone from ${reader.url}`);
      seen = latest.etag;
      const changed = latest.manifest.version !== served?.manifest.version;
      const loaded = changed ? await loadManifest(reader, latest.manifest, served) : served;
      if (!isNewest()) return result(false);
      served = loaded;
      etag = latest.etag;
      trouble = null;
      broken = null;
      return result(changed);
    } catch (error) {
      if (!isNewest()) return result(false);
      const lasting = error instanceof CorruptObjectError || error instanceof SchemaMismatchError;
      broken = lasting && seen !== null ? { etag: seen, againAt: performance.now() + BROKEN_AGAIN_MS } : null;
      return fail(error);
    }
  }

  function start(patient: boolean): Promise<ReloadResult> {
    const number = ++newestLook;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<ReloadResult>((done) => {
      timer = setTimeout(() => {
        newestLook++;
        done(fail(new StoreUnavailableError(`${reader.url} has not answered for ${timeoutMs / 1000} s`)));
      }, timeoutMs).unref();
    });
    underWay = Promise.race([look(patient, () => number === newestLook), limit]).finally(() => {
      clearTimeout(timer);
      underWay = null;
    });
    return underWay;
  }

  function reload(): Promise<ReloadResult> {
    if (!underWay) return start(false);
    queued ??= underWay.then(() => {
      queued = null;
      return underWay ?? start(false);
    });
    return queued;
  }

  const timer = pollMs > 0 ? setInterval(() => underWay ?? void start(true), pollMs).unref() : null;
  return { current: () => served, problem: () => trouble, reload, close: () => timer && clearInterval(timer) };
}
