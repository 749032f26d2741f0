/**
 * Environment of a process that works with large arrays; other C libraries than glibc ignore it, and it can only be set before a process
 * starts.
 *
 * - glibc raises the size from which a block is given back to the system when it is freed, up to 32 MB, as soon as one such block was freed;
 *   a worker then keeps 100 MB and more that nobody uses. A fixed size keeps that from happening.
 * - It gives each thread a heap of its own, and keeps what is free in each. Two are enough for two cores.
 */
export const RETURN_MEMORY = { MALLOC_MMAP_THRESHOLD_: "262144", MALLOC_ARENA_MAX: "2" } as const;

/** Megabytes of each half in which V8 makes new objects; a worker has many threads, and large arrays lie elsewhere. */
const YOUNG_HALF_MB = 2;

/** The environment of a worker that shares its machine: what it frees goes back, and its threads reserve little. */
export function sparingEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const options = [`--max-semi-space-size=${YOUNG_HALF_MB}`, env.NODE_OPTIONS].filter(Boolean).join(" ");
  return { ...RETURN_MEMORY, ...env, NODE_OPTIONS: options };
}
