import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CorruptObjectError, InvalidInputError, PreconditionFailedError } from "../../core/vocabulary/errors.ts";
import { getVerified, putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { assertConditionalPuts } from "../../storage/registry/probe-store.ts";

import { raceGenerations, raceIncrements, raceNewKeys } from "./races.ts";

export interface StoreUnderTest {
  /** A store that is empty, and shares nothing with others. */
  fresh(): Promise<ObjectStore>;
  stop(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const ABSENT = { ifAbsent: true } as const;

/** What every object store does, whatever stores the bytes. */
export function describeObjectStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as an object store`, () => {
    let under: StoreUnderTest;
    let store: ObjectStore;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under?.stop());
    beforeEach(async () => {
      store = await under.fresh();
    });
    const textOf = async (key: string) => {
      const found = await store.get(key);
      return found && new TextDecoder().decode(found.bytes);
    };
    const keys = async (prefix: string) => {
      const found: string[] = [];
      for await (const { key } of store.list(prefix)) found.push(key);
      return found;
    };

    test("gives back the bytes that were put, and the etag that the put named", async () => {
      const { etag } = await store.put(
        "a/b.bin",
        Uint8Array.from({ length: 256 }, (_, i) => i),
        ABSENT,
      );
      const found = await store.get("a/b.bin");
      expect(Array.from(found?.bytes ?? [])).toEqual(Array.from({ length: 256 }, (_, i) => i));
      expect(found?.etag).toBe(etag);
    });

    test("stores an empty object, and one of some megabytes", async () => {
      await store.put("empty", new Uint8Array(), ABSENT);
      expect((await store.get("empty"))?.bytes.byteLength).toBe(0);
      const large = new Uint8Array(5_000_000).map((_, i) => (i * 31) & 255);
      await store.put("large", large, ABSENT);
      expect(sha256Hex((await store.get("large"))?.bytes ?? new Uint8Array())).toBe(sha256Hex(large));
    });

    test("stores only the part of a larger buffer that a view shows", async () => {
      await store.put("view", bytes("left-middle-right").subarray(5, 11), ABSENT);
      expect(await textOf("view")).toBe("middle");
    });

    test("answers null for an object that doesn't exist", async () => {
      await store.put("a/b", bytes("x"), ABSENT);
      for (const key of ["nothing", "a", "a/c", "a/b/c"]) expect(await store.get(key)).toBeNull();
    });

    test("puts if absent only once", async () => {
      await store.put("key", bytes("first"), ABSENT);
      await expect(store.put("key", bytes("second"), ABSENT)).rejects.toThrow(PreconditionFailedError);
      await expect(store.put("key", bytes("first"), ABSENT)).rejects.toThrow(/key/);
      expect(await textOf("key")).toBe("first");
    });

    test("puts if the etag matches", async () => {
      const first = await store.put("key", bytes("1"), ABSENT);
      const second = await store.put("key", bytes("2"), { ifMatch: first.etag });
      expect(second.etag).not.toBe(first.etag);
      expect(await textOf("key")).toBe("2");
      await store.put("key", bytes("3"), { ifMatch: second.etag });
      expect(await textOf("key")).toBe("3");
    });

    test("refuses a put whose etag is an older one, and keeps what is there", async () => {
      const { etag } = await store.put("key", bytes("1"), ABSENT);
      await store.put("key", bytes("2"), { ifMatch: etag });
      await expect(store.put("key", bytes("lost"), { ifMatch: etag })).rejects.toThrow(PreconditionFailedError);
      expect(await textOf("key")).toBe("2");
    });

    test("refuses a put if-match of an object that doesn't exist, and creates nothing", async () => {
      const { etag } = await store.put("other", bytes("1"), ABSENT);
      await expect(store.put("key", bytes("1"), { ifMatch: etag })).rejects.toThrow(PreconditionFailedError);
      expect(await store.get("key")).toBeNull();
    });

    test("lets exactly one of twenty win on each of fifteen new keys", async () => {
      expect(await raceNewKeys(store, { keys: 15, writers: 20 })).toEqual({ won: 15, lost: 285, violations: [] });
    });

    test("lets exactly one of twenty replace what all have read, 25 times in a row", async () => {
      expect(await raceGenerations(store, { generations: 25, writers: 20 })).toEqual({ won: 25, lost: 475, violations: [] });
    });

    test("loses none of 200 increments of writers that reread after a lost race", async () => {
      expect(await raceIncrements(store, { increments: 200, writers: 4 })).toMatchObject({ won: 200, violations: [] });
    });

    test("lists objects by prefix, ordered by key, with sizes", async () => {
      const all = [
        "a",
        "b/1",
        "b/10",
        "b/2",
        "b-c",
        "b/2x/y",
        "bc/1",
        "symbol=BTC/year=2019.parquet",
        "symbol=BTC/year=2020.parquet",
        "symbol=BTCX/year=2020.parquet",
      ];
      for (const key of [...all].reverse()) await store.put(key, bytes(key), ABSENT);
      expect(await keys("")).toEqual([...all].sort());
      expect(await keys("b/")).toEqual(["b/1", "b/10", "b/2", "b/2x/y"]);
      expect(await keys("b/1")).toEqual(["b/1", "b/10"]);
      expect(await keys("b")).toEqual(["b-c", "b/1", "b/10", "b/2", "b/2x/y", "bc/1"]);
      expect(await keys("symbol=BTC/")).toEqual(["symbol=BTC/year=2019.parquet", "symbol=BTC/year=2020.parquet"]);
      expect(await keys("nothing/")).toEqual([]);
      for await (const { key, bytes: size } of store.list("")) expect(size).toBe(key.length);
    });

    test("stats an object as the list shows it, and answers null for one that doesn't exist", async () => {
      await store.put("a/b", bytes("four"), ABSENT);
      await store.put("a/bc", bytes("x"), ABSENT);
      const listed = [];
      for await (const info of store.list("a/b")) listed.push(info);
      expect([await store.stat("a/b"), await store.stat("a/bc")]).toEqual(listed);
      expect(listed[0]).toMatchObject({ key: "a/b", bytes: 4 });
      for (const key of ["nothing", "a", "a/c", "a/b/c"]) expect(await store.stat(key)).toBeNull();
      await store.delete("a/b");
      expect(await store.stat("a/b")).toBeNull();
    });

    test("lists nothing outside itself", async () => {
      await store.put("a/b", bytes("x"), ABSENT);
      for (const prefix of ["../", "a/../", "/", "a/../../", ".candlecast/"]) expect(await keys(prefix)).toEqual([]);
    });

    test("deletes objects, also ones that are gone already", async () => {
      await store.put("a/b", bytes("x"), ABSENT);
      await store.delete("a/b");
      expect(await store.get("a/b")).toBeNull();
      await store.delete("a/b");
      await store.delete("never/was");
      expect(await keys("")).toEqual([]);
      await store.put("a/b", bytes("again"), ABSENT);
      expect(await textOf("a/b")).toBe("again");
    });

    const unusable = ["", "/a", "a/", "a//b", "../a", "a/../b", "./a", "a/.", "a\\b", "a\0b", ".candlecast/x", "x".repeat(1000)];
    test.each(unusable.map((key) => [key.slice(0, 20), key]))("refuses the key %j", async (_, key) => {
      await expect((async () => store.get(key))()).rejects.toThrow(InvalidInputError);
      await expect((async () => store.stat(key))()).rejects.toThrow(InvalidInputError);
      await expect((async () => store.put(key, bytes("x"), ABSENT))()).rejects.toThrow(InvalidInputError);
      await expect((async () => store.delete(key))()).rejects.toThrow(InvalidInputError);
    });

    test("does not let a caller change what is stored by changing its own bytes", async () => {
      const mine = bytes("stored");
      await store.put("key", mine, ABSENT);
      mine.fill(0);
      (await store.get("key"))?.bytes.fill(1);
      expect(await textOf("key")).toBe("stored");
    });

    test("accepts an immutable object twice, but no other bytes under its key", async () => {
      const ref = await putImmutable(store, "models/x.json", bytes("model"), 3);
      expect(ref).toEqual({ key: "models/x.json", sha256: sha256Hex(bytes("model")), bytes: 5, rows: 3 });
      expect(await putImmutable(store, "models/x.json", bytes("model"), 3)).toEqual(ref);
      await expect(putImmutable(store, "models/x.json", bytes("other"), 3)).rejects.toThrow(CorruptObjectError);
      expect(new TextDecoder().decode(await getVerified(store, ref))).toBe("model");
    });

    test("refuses to read a reference whose object is gone or has other bytes", async () => {
      const ref = await putImmutable(store, "models/x.json", bytes("model"), null);
      await expect(getVerified(store, { ...ref, sha256: sha256Hex(bytes("other")) })).rejects.toThrow(CorruptObjectError);
      await store.delete(ref.key);
      await expect(getVerified(store, ref)).rejects.toThrow(/models\/x.json is missing/);
    });

    test("passes the probe of conditional puts, which leaves nothing behind", async () => {
      await assertConditionalPuts(store);
      expect(await keys("")).toEqual([]);
    });

    test("names itself without credentials", () => {
      expect(store.url).toMatch(/^(memory:|file:|s3:\/\/)/);
      expect(store.url).not.toMatch(/@|secret/i);
    });
  });
}
