import { setFlagsFromString } from "node:v8";

/**
 * Has V8 collect garbage once the objects of a heap have grown by half, instead of when they are several times as many. Most memory of a
 * worker lies in arrays outside of that heap, but its garbage counted for 100 MB and more while files were written. For all threads of the
 * process; `NODE_OPTIONS` doesn't take this option.
 */
export function growHeapSlowly(): void {
  setFlagsFromString("--heap-growing-percent=50");
}
