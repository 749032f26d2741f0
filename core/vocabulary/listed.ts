import type { ObjectRef } from "./object-ref.ts";

/** A list that lies in the store, in parts. */
export interface StoredList {
  readonly length: number;
  readonly parts: readonly ObjectRef[];
}

/** A list as a step gets it: short ones as they are, long ones by reference, because what travels through Temporal has to stay small. */
export type Listed<T> = readonly T[] | StoredList;

/** Most symbols of a run that travel themselves, in inputs, results and answers; also the items of a stored part. */
export const MOST_LISTED = 500;

export function isStored<T>(list: Listed<T>): list is StoredList {
  return !Array.isArray(list);
}
