interface Kept<T> {
  readonly loading: Promise<T>;
  /** null until it has been loaded */
  size: number | null;
  /** how many work with it at the moment */
  users: number;
  timer: NodeJS.Timeout | null;
}

/**
 * Loaded values under keys that name their content, so that callers share one object. While anybody works with a value it
 * stays, whatever its size; afterwards it is kept for a while, bounded in size and time.
 */
export class RecentlyLoaded<T> {
  readonly #options: { readonly most: number; readonly forMs: number; readonly size: (value: T) => number };
  /** in the order of their last use */
  readonly #kept = new Map<string, Kept<T>>();

  /** @param options `most`: limit of the sum of sizes; `forMs`: how long a value is kept after its last use */
  constructor(options: { readonly most: number; readonly forMs: number; readonly size: (value: T) => number }) {
    this.#options = options;
  }

  /** Works with a value, which is loaded first where it isn't at hand. A load that fails is not kept. */
  async use<R>(key: string, load: () => Promise<T>, work: (value: T) => Promise<R>): Promise<R> {
    const kept = this.#kept.get(key) ?? { loading: load(), size: null, users: 0, timer: null };
    if (kept.timer) clearTimeout(kept.timer);
    kept.timer = null;
    kept.users++;
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    try {
      const value = await kept.loading;
      kept.size = this.#options.size(value);
      return await work(value);
    } finally {
      kept.users--;
      if (kept.users === 0) this.#rest(key, kept);
    }
  }

  /** What nobody uses any more goes after a while, or at once where there is too much. */
  #rest(key: string, kept: Kept<T>): void {
    const { most, forMs } = this.#options;
    if (kept.size === null || kept.size > most) {
      this.#kept.delete(key);
      return;
    }
    kept.timer = setTimeout(() => this.#kept.delete(key), forMs).unref();
    let sum = 0;
    for (const { size } of this.#kept.values()) sum += size ?? 0;
    for (const [oldest, { size, users, timer }] of this.#kept) {
      if (sum <= most) break;
      if (users > 0) continue;
      sum -= size ?? 0;
      if (timer) clearTimeout(timer);
      this.#kept.delete(oldest);
    }
  }
}
