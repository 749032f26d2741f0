import { condition } from "@temporalio/workflow";

export interface Lanes<T> {
  /** The next item; null: nothing is left. */
  readonly take: () => T | null;
  /** How many items may run now. It may change at any time; 0 waits. */
  readonly limit: () => number;
  readonly work: (item: T) => Promise<void>;
}

/**
 * Works through items, at any time at most as many as `limit` allows. After a failure no item is started, and those that run
 * are not waited for; a cancellation of the run ends the waiting.
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
