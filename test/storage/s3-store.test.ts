import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { StoreUnavailableError, UnauthorizedError } from "../../core/vocabulary/errors.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { createS3Store } from "../../storage/object-store/s3-store.ts";
import { type S3Server, startVersitygw } from "../versitygw.ts";
import { describeObjectStore } from "./object-store-contract.ts";

const started: { server: S3Server } | { why: string } = await startVersitygw().then(
  (server) => ({ server }),
  (error: Error) => ({ why: error.message }),
);

if ("why" in started) {
  test.skip(`s3: skipped, because no S3 server can be had: ${started.why}`, () => {});
} else {
  const { server } = started;
  beforeAll(() => useKeys(server.accessKey, server.secretKey));
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });

  describeObjectStore("s3", async () => {
    let made = 0;
    return {
      fresh: async () => createS3Store({ bucket: server.bucket, prefix: `run/${made++}`, endpoint: server.endpoint }),
      stop: async () => {},
    };
  });

  describe("the S3 store", () => {
    test("lists more than one answer's thousand objects, each once, in order", async () => {
      const store = openStore(`s3://${server.bucket}/many`, { s3Endpoint: server.endpoint });
      const keys = Array.from({ length: 1_050 }, (_, i) => `k/${String(i).padStart(5, "0")}`);
      for (let i = 0; i < keys.length; i += 50)
        await Promise.all(keys.slice(i, i + 50).map((key) => store.put(key, new Uint8Array(1), { ifAbsent: true })));
      const found: string[] = [];
      for await (const { key } of store.list("k/")) found.push(key);
      expect(found).toEqual(keys);
    });

    test("works without a prefix, and two prefixes share nothing", async () => {
      const [root, a, ab] = ["", "/a", "/ab"].map((path) => openStore(`s3://${server.bucket}${path}`, { s3Endpoint: server.endpoint }));
      await a.put("x", new Uint8Array(1), { ifAbsent: true });
      await ab.put("x", new Uint8Array(2), { ifAbsent: true });
      const keys: string[] = [];
      for await (const { key } of a.list("")) keys.push(key);
      expect(keys).toEqual(["x"]);
      expect((await root.get("a/x"))?.bytes.byteLength).toBe(1);
    });

    test("reports a missing bucket, with what to do", async () => {
      const store = openStore("s3://no-such-bucket/x", { s3Endpoint: server.endpoint });
      await expect(store.put("a", new Uint8Array(1), { ifAbsent: true })).rejects.toThrow(StoreUnavailableError);
      await expect(store.get("a")).rejects.toThrow(/no such bucket/);
      await expect(store.list("")[Symbol.asyncIterator]().next()).rejects.toThrow(/no such bucket/);
    });

    test.each([
      ["secret", () => server.accessKey],
      ["access key", () => "unknown-access-key"],
    ])("refuses a wrong %s as Unauthorized, reading too, and shows neither", async (_, accessKey) => {
      useKeys(accessKey(), "wrong-secret-key");
      try {
        const store = openStore(`s3://${server.bucket}/x`, { s3Endpoint: server.endpoint });
        const error = await store.put("a", new Uint8Array(1), { ifAbsent: true }).catch((thrown: Error) => thrown);
        expect(error).toBeInstanceOf(UnauthorizedError);
        expect(String((error as Error).message)).not.toMatch(/wrong-secret-key|unknown-access-key/);
        await expect(store.get("a")).rejects.toThrow(UnauthorizedError);
      } finally {
        useKeys(server.accessKey, server.secretKey);
      }
    });

    test("that does not listen is unavailable", async () => {
      const other = await startVersitygw();
      await other.stop();
      const store = openStore("s3://some-bucket/x", { s3Endpoint: other.endpoint });
      await expect(store.get("a")).rejects.toThrow(StoreUnavailableError);
      await expect(store.get("a")).rejects.toThrow(/ECONNREFUSED/);
    });
  });
}

function useKeys(accessKey: string, secretKey: string): void {
  vi.stubEnv("AWS_ACCESS_KEY_ID", accessKey);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secretKey);
}
