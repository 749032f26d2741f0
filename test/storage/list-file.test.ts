import { describe, expect, test } from "vitest";
import { isStored, MOST_LISTED, type StoredList } from "../../core/vocabulary/listed.ts";
import { listed, readListed } from "../../storage/list-files/list-file.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { listObjects } from "../pipeline/system.ts";

const items = (n: number) => Array.from({ length: n }, (_, i) => ({ symbol: `C${i}` }));

describe("a list that travels", () => {
  test("is itself while it is short", async () => {
    const store = createMemoryStore();
    expect(await listed(store, items(MOST_LISTED))).toEqual(items(MOST_LISTED));
    expect(await listObjects(store)).toEqual([]);
  });

  test("is stored in parts where it is long, and read back in its order", async () => {
    const store = createMemoryStore();
    const long = items(2 * MOST_LISTED + 1);
    const list = (await listed(store, long)) as StoredList;
    expect(isStored(list)).toBe(true);
    expect(list).toMatchObject({ length: long.length, parts: [expect.anything(), expect.anything(), expect.anything()] });
    expect(JSON.stringify(list).length).toBeLessThan(1_000);
    expect(await readListed(store, list)).toEqual(long);
    expect(await listed(store, long)).toEqual(list);
  });

  test("whose part is gone is refused by its key", async () => {
    const store = createMemoryStore();
    const list = (await listed(store, items(MOST_LISTED + 1))) as StoredList;
    await store.delete(list.parts[1].key);
    await expect(readListed(store, list)).rejects.toThrow(list.parts[1].key);
  });
});
