import { expect, test } from "vitest";
import { LongestFirst } from "../../activities/train/longest-first.ts";

/** Jobs that end when they are told to. */
class Jobs {
  /** in the order of their starts */
  readonly started: string[] = [];
  /** the largest number of jobs that ran at the same time */
  most = 0;
  #running = 0;
  readonly #starts = new Map<string, PromiseWithResolvers<void>>();
  readonly #ends = new Map<string, PromiseWithResolvers<void>>();

  work(name: string): () => Promise<void> {
    return async () => {
      this.started.push(name);
      this.most = Math.max(this.most, ++this.#running);
      latch(this.#starts, name).resolve();
      await latch(this.#ends, name).promise;
      this.#running--;
    };
  }

  /** Settles when a job starts; a job that never does fails the test by its time limit. */
  start(name: string): Promise<void> {
    return latch(this.#starts, name).promise;
  }

  end(...names: string[]): void {
    for (const name of names) latch(this.#ends, name).resolve();
  }
}

function latch(latches: Map<string, PromiseWithResolvers<void>>, name: string): PromiseWithResolvers<void> {
  const found = latches.get(name) ?? Promise.withResolvers<void>();
  latches.set(name, found);
  return found;
}

test("the most costly of the waiting jobs is next, and never more than the limit run", async () => {
  const jobs = new Jobs();
  const turns = new LongestFirst(2);
  const all = Object.entries({ a: 1, b: 2, c: 3, d: 5, e: 4 }).map(([name, cost]) => turns.run(cost, jobs.work(name)));
  await Promise.all([jobs.start("a"), jobs.start("b")]);
  jobs.end("a");
  await jobs.start("d");
  jobs.end("b");
  await jobs.start("e");
  jobs.end("e", "d", "c");
  await Promise.all(all);
  expect(jobs.started).toEqual(["a", "b", "d", "e", "c"]);
  expect(jobs.most).toBe(2);
});

test("a job that fails makes room for the next", async () => {
  const jobs = new Jobs();
  const turns = new LongestFirst(1);
  const failing = turns.run(1, () => Promise.reject(new Error("no")));
  const next = turns.run(1, jobs.work("next"));
  await expect(failing).rejects.toThrow("no");
  jobs.end("next");
  await next;
  expect(jobs.started).toEqual(["next"]);
});

test("a job that is aborted while it waits never starts, and the others keep their places", async () => {
  const jobs = new Jobs();
  const turns = new LongestFirst(1);
  const stop = new AbortController();
  const first = turns.run(1, jobs.work("first"));
  const aborted = turns.run(9, jobs.work("aborted"), stop.signal);
  const last = turns.run(1, jobs.work("last"));
  await jobs.start("first");
  stop.abort();
  await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
  await expect(turns.run(9, jobs.work("aborted before"), stop.signal)).rejects.toMatchObject({ name: "AbortError" });
  jobs.end("first", "last");
  await Promise.all([first, last]);
  expect(jobs.started).toEqual(["first", "last"]);
});
