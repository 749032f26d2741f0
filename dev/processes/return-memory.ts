/**
 * Environment of a process that works with large arrays. glibc raises the size from which a block is given back to the system when it
 * is freed, up to 32 MB, as soon as one such block was freed; a worker then keeps 100 MB and more that nobody uses. A fixed
 * size keeps that from happening. It can only be set before a process starts; other C libraries ignore it.
 */
export const RETURN_MEMORY = { MALLOC_MMAP_THRESHOLD_: "262144" } as const;
