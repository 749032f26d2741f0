import { CorruptObjectError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { POINTER_KEY, type Pointer, readPointer } from "../../storage/registry/reader.ts";
import { type Fault, type FaultKind, faultOf, pollFault } from "./faults.ts";
import { findManifest } from "./find-manifest.ts";
import { isLasting } from "./lasting.ts";
import { loadManifest } from "./load-manifest.ts";
import type { Served } from "./served.ts";

export interface ReloadResult {
  readonly changed: boolean;
  /** of the manifest that is served now */
  readonly version: string | null;
}

export interface LiveRegistry {
  /** The newest manifest of which something could be loaded; null if there is none yet. */
  current(): Served | null;
  /** Everything that is wrong now: with the store, the newest manifest, coins, reports. */
  faults(): readonly Fault[];
  /** Whether the store has answered, with whatever. */
  isKnown(): boolean;
  /** Polls now. Finds whatever was published before the call, and reads what was broken again. */
  reload(): Promise<ReloadResult>;
  /** Does what the next scheduled poll would do, or waits for the one that is under way. */
  poll(): Promise<ReloadResult>;
  /** Calls back after each look that changed what is served or what is wrong. @returns ends it */
  subscribe(listener: () => void): () => void;
  /** The store that is read. */
  readonly reader: ObjectReader;
  close(): void;
}

export interface LiveRegistryOptions {
  /** Time between scheduled polls; 0: there are none. */
  readonly pollMs: number;
  /** After this time without an answer the store counts as failing, and the next poll may start; the default is 60 s. */
  readonly timeoutMs?: number;
  /** Called once for each new fault. */
  readonly onFault?: (fault: Fault) => void;
}

const BROKEN_OBJECTS: readonly FaultKind[] = ["newest_manifest", "coin", "report"];

/** Scheduled polls read broken objects again only after this time. */
const BROKEN_RETRY_MS = 30_000;

/**
 * Holds the newest manifest. A newer one replaces it only once it is loaded, so requests see the old one or the new one. What is
 * broken in it takes its coin only. A store that can't be read leaves the last one in place.
 */
export function createLiveRegistry(reader: ObjectReader, options: LiveRegistryOptions): LiveRegistry {
  const { pollMs, timeoutMs = 60_000, onFault } = options;
  const listeners = new Set<() => void>();
  let served: Served | null = null;
  /** The pointer's etag at the last complete look; undefined before there was one, null where the pointer was broken. */
  let seen: string | null | undefined;
  /** Why the last look failed. */
  let failure: Fault | null = null;
  let known = false;
  let retryBrokenAt = 0;
  let newestPoll = 0;
  let underWay: Promise<ReloadResult> | null = null;
  let queued: Promise<ReloadResult> | null = null;

  const faults = () => [...(failure ? [failure] : []), ...(served?.faults ?? [])];
  const result = (changed: boolean): ReloadResult => ({ changed, version: served?.manifest.version ?? null });

  /** Tells what a look has changed. */
  function announce(before: State): void {
    const told = new Set(before.faults.map(({ forOperator }) => forOperator));
    const now = faults();
    for (const fault of now) if (!told.has(fault.forOperator)) onFault?.(fault);
    const isSame =
      before.served === served &&
      before.known === known &&
      before.faults.length === now.length &&
      now.every(({ forOperator }) => told.has(forOperator));
    if (!isSame) for (const listener of listeners) listener();
  }

  /** `isNewest` is false once this poll has timed out; its findings are then ignored. */
  async function look(scheduled: boolean, isNewest: () => boolean): Promise<ReloadResult> {
    const remember = (etag: string | null) => {
      known = true;
      seen = etag;
      retryBrokenAt = performance.now() + BROKEN_RETRY_MS;
    };
    let etag: string | null = null;
    try {
      const { pointed, ...pointer } = await lookAtPointer(reader);
      etag = pointer.etag;
      if (!isNewest()) return result(false);
      if (pointed === null) {
        if (served) throw new CorruptObjectError(`${POINTER_KEY} is gone from ${reader.url}`);
        await reader.checkAddress?.();
        if (!isNewest()) return result(false);
        known = true;
        failure = null;
        return result(false);
      }
      const isBroken = faults().some(({ kind }) => BROKEN_OBJECTS.includes(kind));
      if (etag === seen && (isBroken ? scheduled && performance.now() < retryBrokenAt : failure === null)) {
        // The store answers again; what is broken in it stays so until it is read again.
        if (failure && !BROKEN_OBJECTS.includes(failure.kind)) failure = null;
        return result(false);
      }
      const found = await findManifest(reader, pointed);
      const loaded = await loadManifest(reader, found.manifest, served, found.faults);
      if (!isNewest()) return result(false);
      remember(etag);
      if (loaded.symbols.size === 0 && loaded.unreadable.size > 0 && served) {
        failure = { ...loaded.faults[0], kind: "newest_manifest", symbol: null };
        return result(false);
      }
      const changed = loaded.manifest.version !== served?.manifest.version;
      served = loaded;
      failure = null;
      return result(changed);
    } catch (error) {
      if (!isNewest()) return result(false);
      if (isLasting(error)) remember(etag);
      return fail(error);
    }
  }

  function fail(error: unknown): ReloadResult {
    failure = isLasting(error) ? faultOf("newest_manifest", error) : pollFault(error);
    return result(false);
  }

  function start(scheduled: boolean): Promise<ReloadResult> {
    const number = ++newestPoll;
    const before: State = { served, known, faults: faults() };
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<ReloadResult>((done) => {
      timer = setTimeout(() => {
        newestPoll++;
        done(fail(new StoreUnavailableError(`${reader.url} has not answered for ${timeoutMs / 1000} s`)));
      }, timeoutMs).unref();
    });
    underWay = Promise.race([look(scheduled, () => number === newestPoll), limit]).finally(() => {
      clearTimeout(timer);
      underWay = null;
      announce(before);
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

  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const poll = () => underWay ?? start(true);
  const timer = pollMs > 0 ? setInterval(() => void poll(), pollMs).unref() : null;
  return {
    reader,
    current: () => served,
    faults,
    isKnown: () => known,
    reload,
    poll,
    subscribe,
    close: () => timer && clearInterval(timer),
  };
}

interface State {
  readonly served: Served | null;
  readonly known: boolean;
  readonly faults: readonly Fault[];
}

/** The pointer, or the error that it gave if it is broken; null where nothing was published. */
async function lookAtPointer(reader: ObjectReader): Promise<{ pointed: Pointer | Error | null; etag: string | null }> {
  try {
    const found = await readPointer(reader);
    return found ? { pointed: found.pointer, etag: found.etag } : { pointed: null, etag: null };
  } catch (error) {
    if (!isLasting(error)) throw error;
    return { pointed: error, etag: null };
  }
}
