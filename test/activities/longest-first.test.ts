import { expect, test } from "vitest";
import { LongestFirst } from "../../activities/train/longest-first.ts";

/** Work that ends when told to. */
function makeWork() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<void>((resolve) => ends.set(name, resolve));
  };
  const settle = async () => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await settle();
  };
  return { started, work, end, settle };
}

test("of the work that waits the most costly is next, and never more than the limit runs", async () => {
  const { started, work, end, settle } = makeWork();
  const turns = new LongestFirst(2);
  for (const [name, cost] of Object.entries({ a: 1, b: 2, c: 3, d: 5, e: 4 })) void turns.run(cost, work(name));
  await settle();
  expect(started).toEqual(["a", "b"]);
  await end("a");
  await end("b");
  expect(started).toEqual(["a", "b", "d", "e"]);
  await end("e");
  expect(started.at(-1)).toBe("c");
});

test("work that fails makes room for the next", async () => {
  const { started, work, settle } = makeWork();
  const turns = new LongestFirst(1);
  await expect(turns.run(1, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  void turns.run(1, work("next"));
  await settle();
  expect(started).toEqual(["next"]);
});

test("what is aborted while it waits never starts, and others keep their places", async () => {
  const { started, work, end, settle } = makeWork();
  const turns = new LongestFirst(1);
  const stop = new AbortController();
  void turns.run(1, work("first"));
  const given = turns.run(9, work("given up"), stop.signal);
  void turns.run(1, work("last"));
  await settle();
  stop.abort();
  await expect(given).rejects.toMatchObject({ name: "AbortError" });
  await expect(turns.run(9, work("aborted before"), stop.signal)).rejects.toMatchObject({ name: "AbortError" });
  await end("first");
  expect(started).toEqual(["first", "last"]);
});
