import { CandlecastError, CorruptObjectError, SchemaMismatchError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { POINTER_KEY, readLatest, readPointer } from "../../storage/registry/reader.ts";
import { loadManifest } from "./load-manifest.ts";
import type { Served } from "./served.ts";

export interface ReloadResult {
  readonly changed: boolean;
  /** of the manifest that is served now */
  readonly version: string | null;
}

export interface LiveRegistry {
  /** The newest manifest that could be loaded completely; null if there is none yet. */
  current(): Served | null;
  /** Why the newest manifest could not be loaded or the store not be read; null if neither failed. */
  problem(): string | null;
  /** Polls now. Finds whatever was published before the call. */
  reload(): Promise<ReloadResult>;
  close(): void;
}

export interface LiveRegistryOptions {
  /** Time between scheduled polls; 0: there are none. */
  readonly pollMs: number;
  /** After this time without an answer the store counts as failing, and the next poll may start; the default is 60 s. */
  readonly timeoutMs?: number;
  /** Called once for each new problem. */
  readonly onProblem?: (error: Error) => void;
}

/** Scheduled polls read a broken manifest's objects again only after this time. */
const BROKEN_RETRY_MS = 30_000;

/**
 * Holds the newest valid manifest. A newer one replaces it only once it is completely loaded, so requests see the old one or
 * the new one, never a mixture. A broken manifest, or a store that can't be read, leaves the last valid one in place.
 */
export function createLiveRegistry(reader: ObjectReader, options: LiveRegistryOptions): LiveRegistry {
  const { pollMs, timeoutMs = 60_000, onProblem } = options;
  let served: Served | null = null;
  let etag: string | null = null;
  let problem: string | null = null;
  let broken: { readonly etag: string; readonly retryAt: number } | null = null;
  let newestPoll = 0;
  let underWay: Promise<ReloadResult> | null = null;
  let queued: Promise<ReloadResult> | null = null;

  const result = (changed: boolean): ReloadResult => ({ changed, version: served?.manifest.version ?? null });

  function fail(error: unknown): ReloadResult {
    const message =
      error instanceof CandlecastError ? error.message : "Polling for a newer manifest failed unexpectedly; see the service's log.";
    if (message !== problem) onProblem?.(error instanceof Error ? error : new Error(String(error)));
    problem = message;
    return result(false);
  }

  /** `isNewest` is false once this poll has timed out; its findings are then ignored. */
  async function poll(scheduled: boolean, isNewest: () => boolean): Promise<ReloadResult> {
    let seen: string | null = null;
    try {
      const found = await readPointer(reader);
      if (!isNewest()) return result(false);
      if (!found) {
        if (served) throw new CorruptObjectError(`${POINTER_KEY} is gone from ${reader.url}`);
        problem = null;
        return result(false);
      }
      if (found.etag === etag && problem === null) return result(false);
      if (scheduled && broken?.etag === found.etag && performance.now() < broken.retryAt) return result(false);
      seen = found.etag;
      const latest = await readLatest(reader);
      if (!latest) throw new CorruptObjectError(`${POINTER_KEY} is gone from ${reader.url}`);
      seen = latest.etag;
      const changed = latest.manifest.version !== served?.manifest.version;
      const loaded = changed ? await loadManifest(reader, latest.manifest, served) : served;
      if (!isNewest()) return result(false);
      served = loaded;
      etag = latest.etag;
      problem = null;
      broken = null;
      return result(changed);
    } catch (error) {
      if (!isNewest()) return result(false);
      const lasting = error instanceof CorruptObjectError || error instanceof SchemaMismatchError;
      broken = lasting && seen !== null ? { etag: seen, retryAt: performance.now() + BROKEN_RETRY_MS } : null;
      return fail(error);
    }
  }

  function start(scheduled: boolean): Promise<ReloadResult> {
    const number = ++newestPoll;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<ReloadResult>((done) => {
      timer = setTimeout(() => {
        newestPoll++;
        done(fail(new StoreUnavailableError(`${reader.url} has not answered for ${timeoutMs / 1000} s`)));
      }, timeoutMs).unref();
    });
    underWay = Promise.race([poll(scheduled, () => number === newestPoll), limit]).finally(() => {
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
  return { current: () => served, problem: () => problem, reload, close: () => timer && clearInterval(timer) };
}
