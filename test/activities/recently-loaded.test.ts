import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { RecentlyLoaded } from "../../activities/train/recently-loaded.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function makeCache() {
  const cache = new RecentlyLoaded<{ size: number }>({ most: 10, forMs: 1_000, size: ({ size }) => size });
  const loads: string[] = [];
  const use = <R>(key: string, size: number, work: (value: { size: number }) => Promise<R>) =>
    cache.use(
      key,
      async () => {
        loads.push(key);
        return { size };
      },
      work,
    );
  const get = (key: string, size: number) => use(key, size, async (value) => value);
  return { cache, loads, use, get };
}

test("callers get the same object while it loads, and soon after", async () => {
  const { loads, get } = makeCache();
  const [a, b] = await Promise.all([get("x", 1), get("x", 1)]);
  expect(b).toBe(a);
  expect(await get("x", 1)).toBe(a);
  expect(loads).toEqual(["x"]);
});

test("the value that was used longest ago goes when there is too much; a value that is too large alone is not kept", async () => {
  const { loads, get } = makeCache();
  await get("a", 5);
  await get("b", 5);
  await get("a", 5);
  await get("c", 5);
  await get("a", 5);
  expect(loads).toEqual(["a", "b", "c"]);
  await get("b", 5);
  await get("huge", 11);
  await get("huge", 11);
  await get("b", 5);
  expect(loads.slice(3)).toEqual(["b", "huge", "huge"]);
});

test("whatever its size, a value is shared as long as somebody works with it", async () => {
  const { loads, use, get } = makeCache();
  await use("huge", 11, async (first) => {
    expect(await get("huge", 11)).toBe(first);
    await get("a", 5);
    vi.advanceTimersByTime(5_000);
    expect(await get("huge", 11)).toBe(first);
  });
  expect(loads).toEqual(["huge", "a"]);
  await get("huge", 11);
  expect(loads).toEqual(["huge", "a", "huge"]);
});

test("work that fails leaves the value for others", async () => {
  const { loads, use, get } = makeCache();
  await expect(use("a", 1, () => Promise.reject(new Error("no skill")))).rejects.toThrow("no skill");
  await get("a", 1);
  expect(loads).toEqual(["a"]);
});

test("nothing is kept for long after its last use", async () => {
  const { loads, get } = makeCache();
  await get("a", 1);
  vi.advanceTimersByTime(900);
  await get("a", 1);
  vi.advanceTimersByTime(900);
  await get("a", 1);
  expect(loads).toEqual(["a"]);
  vi.advanceTimersByTime(1_100);
  await get("a", 1);
  expect(loads).toEqual(["a", "a"]);
});

test("a load that fails is tried again", async () => {
  const { cache, get } = makeCache();
  const failing = () => Promise.reject(new Error("gone"));
  await expect(cache.use("a", failing, async () => {})).rejects.toThrow("gone");
  expect(await get("a", 1)).toEqual({ size: 1 });
});
