import type { Pool } from "../../core/evaluation/pool.ts";

/** What was computed from a pool, kept as long as the pool is. */
export class KeptWithPool<T> {
  readonly #known = new WeakMap<Pool, Map<string, T>>();

  get(pool: Pool, key: string): T | undefined {
    return this.#known.get(pool)?.get(key);
  }

  set(pool: Pool, key: string, value: T): void {
    const ofPool = this.#known.get(pool) ?? new Map<string, T>();
    this.#known.set(pool, ofPool.set(key, value));
  }

  delete(pool: Pool, key: string): void {
    this.#known.get(pool)?.delete(key);
  }
}
