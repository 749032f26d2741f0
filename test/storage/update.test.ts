import { beforeEach, describe, expect, test } from "vitest";
import { CorruptObjectError, PreconditionFailedError, StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { update } from "../../storage/object-store/update.ts";

const encode = (value: number) => new TextEncoder().encode(String(value));
const decode = (bytes: Uint8Array) => Number(new TextDecoder().decode(bytes));

let store: ObjectStore;
let puts: number;
beforeEach(() => {
  const memory = createMemoryStore();
  puts = 0;
  store = {
    ...memory,
    put: (key, bytes, condition) => {
      puts++;
      return memory.put(key, bytes, condition);
    },
  };
});
const add = (more: number) => update(store, "count", decode, (value) => ({ bytes: encode((value ?? 0) + more), result: value }));
const stored = async () => {
  const found = await store.get("count");
  return found && decode(found.bytes);
};

describe("an update", () => {
  test("is given null where nothing is stored, then what is stored, and returns its own result", async () => {
    expect(await add(1)).toBeNull();
    expect(await add(2)).toBe(1);
    expect(await stored()).toBe(3);
  });

  test("that decides on no bytes writes nothing", async () => {
    expect(await update(store, "count", decode, () => ({ bytes: null, result: "same" }))).toBe("same");
    expect(puts).toBe(0);
    expect(await stored()).toBeNull();
  });

  test("of many at once loses none", async () => {
    await Promise.all(Array.from({ length: 20 }, () => add(1)));
    expect(await stored()).toBe(20);
  });

  test("reads again before it decides again", async () => {
    const seen: (number | null)[] = [];
    await update(store, "count", decode, async (value) => {
      seen.push(value);
      if (seen.length < 3) await add(10);
      return { bytes: encode((value ?? 0) + 1), result: null };
    });
    expect(seen).toEqual([null, 10, 20]);
    expect(await stored()).toBe(21);
  });

  test("decides again where its own work lost a race", async () => {
    let tries = 0;
    const change = () => {
      if (++tries === 1) throw new PreconditionFailedError("another object has changed");
      return { bytes: encode(tries), result: tries };
    };
    expect(await update(store, "count", decode, change)).toBe(2);
  });

  test("gives up after the given number of lost races, naming the object and keeping the cause", async () => {
    let tries = 0;
    const lose = (): never => {
      tries++;
      throw new PreconditionFailedError("lost");
    };
    const error = await update(store, "count", decode, lose, { tries: 3 }).catch((thrown: Error) => thrown);
    expect(error).toBeInstanceOf(StoreUnavailableError);
    expect(error).toMatchObject({ message: expect.stringMatching(/^count in memory: .* 3 times/), cause: { message: "lost" } });
    expect(tries).toBe(3);
  });

  test("passes on every other error at once, and does not write over what it can't decode", async () => {
    await add(1);
    const refuse = () => {
      throw new CorruptObjectError("damage");
    };
    const never = () => ({ bytes: encode(0), result: null });
    await expect(update(store, "count", refuse, never)).rejects.toThrow(CorruptObjectError);
    expect([await stored(), puts]).toEqual([1, 1]);
  });
});
