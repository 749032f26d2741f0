import { pause } from "./pause.ts";

/** Something that runs until it ends or is stopped. */
export interface Running {
  readonly pid: number;
  /** Settles with a description when it has ended. */
  readonly exited: Promise<string>;
}

export interface SuperviseOptions<T extends Running> {
  readonly name: string;
  readonly start: () => Promise<T>;
  readonly stop: (running: T) => Promise<void>;
  readonly onNote: (note: string) => void;
  readonly onPid: (pid: number | null) => void;
}

export interface Supervised<T extends Running> {
  /** What is running now, or ran last. */
  readonly current: T;
  /** Stops it, without a restart. */
  stop(): Promise<void>;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** After running this long, it is restarted without a long wait. */
const SETTLED_MS = 60_000;

/**
 * Keeps something running: when it ends by itself, this is noted and it is started again, after waits that double.
 *
 * @throws {Error} if it can't be started the first time
 */
export async function supervise<T extends Running>({ name, start, stop, onNote, onPid }: SuperviseOptions<T>): Promise<Supervised<T>> {
  const over = new AbortController();
  let current = await start();
  onPid(current.pid);
  let startedMs = Date.now();
  let waitMs = FIRST_WAIT_MS;
  const watch = async () => {
    for (;;) {
      const ending = await current.exited;
      if (over.signal.aborted) return;
      onPid(null);
      if (Date.now() - startedMs > SETTLED_MS) waitMs = FIRST_WAIT_MS;
      onNote(`the ${name} ${ending}; restarting it`);
      for (let failed = true; failed; ) {
        await pause(waitMs, over.signal);
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
        if (over.signal.aborted) return;
        try {
          current = await start();
          failed = false;
        } catch (error) {
          onNote(`${error instanceof Error ? error.message : String(error)}; trying again in ${Math.round(waitMs / 1000)} s`);
        }
      }
      startedMs = Date.now();
      if (over.signal.aborted) return void (await stop(current));
      onPid(current.pid);
      onNote(`the ${name} is running again`);
    }
  };
  const watching = watch();
  return {
    get current() {
      return current;
    },
    async stop() {
      over.abort();
      await stop(current);
      await watching;
      onPid(null);
    },
  };
}
