interface Kept<T> {
  readonly loading: Promise<T>;
  /** 0 until it has been loaded */
  size: number;
  readonly timer: NodeJS.Timeout;
}

/** Keeps recently loaded values under keys that name their content, so that callers share one object. Bounded in size and time. */
export class RecentlyLoaded<T> {
  readonly #options: { readonly most: number; readonly forMs: number; readonly size: (value: T) => number };
  /** in the order of their last use */
  readonly #kept = new Map<string, Kept<T>>();

  /** @param options `most`: limit of the sum of sizes; `forMs`: how long a value is kept after its last use */
  constructor(options: { readonly most: number; readonly forMs: number; readonly size: (value: T) => number }) {
    this.#options = options;
  }

  /** A load that fails is not kept. */
  get(key: string, load: () => Promise<T>): Promise<T> {
    const found = this.#kept.get(key);
    const loading = found?.loading ?? load();
    if (found) clearTimeout(found.timer);
    this.#kept.delete(key);
    const timer = setTimeout(() => this.#kept.delete(key), this.#options.forMs).unref();
    const kept: Kept<T> = { loading, size: found?.size ?? 0, timer };
    this.#kept.set(key, kept);
    if (!found) {
      loading.then(
        (value) => this.#loaded(key, value),
        () => this.#forget(key),
      );
    }
    return loading;
  }

  #loaded(key: string, value: T): void {
    const kept = this.#kept.get(key);
    const size = this.#options.size(value);
    if (kept) kept.size = size;
    if (size > this.#options.most) this.#forget(key);
    let sum = 0;
    for (const { size } of this.#kept.values()) sum += size;
    for (const [oldest, { size }] of this.#kept) {
      if (sum <= this.#options.most) break;
      sum -= size;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    clearTimeout(this.#kept.get(key)?.timer);
    this.#kept.delete(key);
  }
}
