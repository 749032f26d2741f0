import { condition } from "@temporalio/workflow";

export interface Lanes<T> {
  /** The next item; null: nothing is left. */
  readonly take: () => T | null;
  /** How many items may be at work now. It may change at any time; 0 waits. */
  readonly limit: () => number;
  readonly work: (item: T) => Promise<void>;
}

/**
 * Works through items, so many at the same time as `limit` says just then. What is at work when one fails is left to
 * itself; a cancellation of the run ends the waiting.
 */
export async function inLanes<T>({ take, limit, work }: Lanes<T>): Promise<void> {
  let atWork = 0;
  let failure: { readonly error: unknown } | null = null;
  for (;;) {
    const item = take();
    if (item === null) break;
    await condition(() => failure !== null || atWork < limit());
    if (failure) break;
    atWork++;
    void work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        atWork--;
      });
  }
  await condition(() => failure !== null || atWork === 0);
  if (failure) throw (failure as { error: unknown }).error;
}
