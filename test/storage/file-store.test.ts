import { readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { StoreUnavailableError } from "../../core/vocabulary/errors.ts";
import { withFileLock } from "../../storage/object-store/file-lock.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { ended, firstLine, startChild } from "./child.ts";
import { describeObjectStore } from "./object-store-contract.ts";

describeObjectStore("file:", async () => {
  const folder = temporaryFolder();
  let made = 0;
  return { fresh: async () => createFileStore(join(folder.path, String(made++))), stop: async () => folder.remove() };
});

describe("the file store", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(async () => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());
  const bytes = (text: string) => new TextEncoder().encode(text);

  test("loses none of the increments that two processes make at once", async () => {
    const store = createFileStore(folder.path);
    await store.put("count", bytes("0"), { ifAbsent: true });
    const children = [startChild("increment.ts", folder.path, "50"), startChild("increment.ts", folder.path, "50")];
    expect(await Promise.all(children.map(ended))).toEqual([0, 0]);
    expect(new TextDecoder().decode((await store.get("count"))?.bytes)).toBe("100");
  });

  test("goes on after a process that held a lock was killed, whichever of many waiters comes first", async () => {
    const lock = join(folder.path, "x.lock");
    const holder = startChild("hold-lock.ts", lock);
    expect(await firstLine(holder)).toBe("locked");
    holder.kill("SIGKILL");
    await ended(holder);
    let inside = 0;
    let most = 0;
    const start = performance.now();
    await Promise.all(
      Array.from({ length: 20 }, () =>
        withFileLock(lock, async () => {
          most = Math.max(most, ++inside);
          await new Promise((done) => setTimeout(done, 2));
          inside--;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("waits for a lock that a running process holds", async () => {
    const lock = join(folder.path, "x.lock");
    const holder = startChild("hold-lock.ts", lock);
    try {
      await firstLine(holder);
      let taken = false;
      const waiting = withFileLock(lock, async () => {
        taken = true;
      });
      await new Promise((done) => setTimeout(done, 300));
      expect(taken).toBe(false);
      holder.kill("SIGKILL");
      await waiting;
      expect(taken).toBe(true);
    } finally {
      holder.kill("SIGKILL");
      await ended(holder);
    }
  });

  const contentOfLock = async () => {
    const lock = join(folder.path, "y.lock");
    return JSON.parse(await withFileLock(lock, () => readFile(lock, "utf8"))) as Record<string, unknown>;
  };
  const takenWithin = (lock: string, ms: number) =>
    Promise.race([withFileLock(lock, async () => true), new Promise<boolean>((done) => setTimeout(() => done(false), ms))]);

  test.skipIf(process.platform !== "linux")(
    "takes over the lock of a process that ended, even if another process has its number now",
    async () => {
      const lock = join(folder.path, "x.lock");
      await writeFile(lock, JSON.stringify({ ...(await contentOfLock()), start: "1", id: "x" }));
      expect(await takenWithin(lock, 2_000)).toBe(true);
    },
  );

  test.each([
    [
      "a process of another container or another boot",
      async () => JSON.stringify({ ...(await contentOfLock()), place: "elsewhere", id: "x" }),
    ],
    ["a writer whose machine lost power", async () => ""],
  ])("takes over the lock of %s once it is old, not before", async (_, content) => {
    const lock = join(folder.path, "x.lock");
    await writeFile(lock, await content());
    const waiting = withFileLock(lock, async () => true);
    expect(await Promise.race([waiting, new Promise((done) => setTimeout(() => done("waits"), 300))])).toBe("waits");
    const old = new Date(Date.now() - 60_000);
    await utimes(lock, old, old);
    expect(await waiting).toBe(true);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("goes on after a process that was taking over a lock was killed", async () => {
    const lock = join(folder.path, "x.lock");
    const dead = startChild("hold-lock.ts", lock);
    await firstLine(dead);
    dead.kill("SIGKILL");
    await ended(dead);
    const content = await readFile(lock, "utf8");
    const claim = `${lock}.${sha256Hex(Buffer.from(content)).slice(0, 16)}`;
    const claimant = startChild("hold-lock.ts", claim);
    await firstLine(claimant);
    claimant.kill("SIGKILL");
    await ended(claimant);
    expect(await takenWithin(lock, 2_000)).toBe(true);
  });

  test("shows a reader the complete old object or the complete new one while another process writes", async () => {
    const store = createFileStore(folder.path);
    await store.put("large", new Uint8Array(2_000_000), { ifAbsent: true });
    const writer = startChild("rewrite.ts", folder.path);
    try {
      await firstLine(writer);
      const seen = new Set<string>();
      for (let reads = 0; reads < 60; reads++) {
        const found = await store.get("large");
        if (!found) throw new Error("the object was gone for a moment");
        expect(found.bytes.byteLength).toBe(2_000_000);
        expect(found.bytes.every((byte) => byte === found.bytes[0])).toBe(true);
        expect(found.etag).toBe(sha256Hex(found.bytes));
        seen.add(found.etag);
      }
      expect(seen.size).toBeGreaterThan(1);
    } finally {
      writer.kill("SIGKILL");
      await ended(writer);
    }
    expect((await store.get("large"))?.bytes.byteLength).toBe(2_000_000);
  });

  test("leaves no temporary file after puts that won and puts that lost", async () => {
    const store = createFileStore(folder.path);
    const { etag } = await store.put("a/b", bytes("1"), { ifAbsent: true });
    await store.put("a/b", bytes("2"), { ifMatch: etag });
    await Promise.allSettled([store.put("a/b", bytes("3"), { ifMatch: etag }), store.put("a/b", bytes("4"), { ifAbsent: true })]);
    expect(await readdir(join(folder.path, ".candlecast"))).toEqual([]);
  });

  test("holds its objects as plain files under their keys", async () => {
    const store = createFileStore(folder.path);
    await store.put("data/candles/x.parquet", bytes("abc"), { ifAbsent: true });
    expect((await stat(join(folder.path, "data", "candles", "x.parquet"))).size).toBe(3);
  });

  test("in a folder that doesn't exist is empty, and listing doesn't create the folder", async () => {
    const store = createFileStore(join(folder.path, "later"));
    expect(await store.get("a")).toBeNull();
    for await (const info of store.list("")) throw new Error(`found ${info.key}`);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test("says what is wrong with the disk, naming key and folder", async () => {
    await writeFile(join(folder.path, "file"), "");
    const store = createFileStore(join(folder.path, "file"));
    const put = store.put("a/b", bytes("x"), { ifAbsent: true });
    await expect(put).rejects.toThrow(StoreUnavailableError);
    await expect(put).rejects.toThrow(/^a\/b in .*file/);
  });

  test("reports a folder that it can't read, instead of an empty store", async () => {
    await symlink("loop", join(folder.path, "loop"));
    const found = createFileStore(folder.path).list("loop/")[Symbol.asyncIterator]().next();
    await expect(found).rejects.toThrow(StoreUnavailableError);
  });
});
