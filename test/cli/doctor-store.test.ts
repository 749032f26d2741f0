import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { checkReach, type Finding } from "../../cli/runs/check-reach.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { createS3Store } from "../../storage/object-store/s3-store.ts";
import { type FaultyProxy, type ProxyFault, startFaultyProxy } from "../storage/faulty-proxy.ts";
import { type S3Server, startVersitygw } from "../versitygw.ts";

const found: { server: S3Server } | { why: string } = await startVersitygw().then(
  (server) => ({ server }),
  (error: Error) => ({ why: error.message }),
);

if ("why" in found) {
  test.skip(`doctor and S3: skipped, because no S3 server can be had: ${found.why}`, () => {});
} else {
  const { server } = found;
  describe("what doctor says of a store", () => {
    let proxy: FaultyProxy;
    let stateDir: string;
    beforeAll(async () => {
      vi.stubEnv("AWS_ACCESS_KEY_ID", server.accessKey);
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.secretKey);
      proxy = await startFaultyProxy(server.endpoint);
      stateDir = await mkdtemp(join(tmpdir(), "candlecast-doctor-"));
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await proxy.stop();
      await server.stop();
      await rm(stateDir, { recursive: true, force: true });
    });

    async function storeFinding({ write = true, onPut }: { write?: boolean; onPut?: ProxyFault } = {}): Promise<Finding | undefined> {
      proxy.decide((method) => (method === "PUT" ? onPut : undefined));
      const closed = "http://127.0.0.1:1";
      const env = {
        STATE_DIR: stateDir,
        HOME: stateDir,
        STORE_URL: `s3://${server.bucket}/doctor`,
        S3_ENDPOINT: proxy.endpoint,
        BINANCE_URL: closed,
        KRAKEN_URL: closed,
        CRYPTOCOMPARE_URL: closed,
        PORT: "1",
      };
      return (await checkReach(parseSettings(env), env, { write })).find(({ subject }) => subject === "store");
    }

    test("a store that takes conditional puts is well, and nothing stays in it", async () => {
      expect(await storeFinding()).toMatchObject({ ok: true, detail: expect.stringContaining("takes conditional puts") });
      const store = createS3Store({ bucket: server.bucket, prefix: "doctor", endpoint: server.endpoint });
      const left: string[] = [];
      for await (const { key } of store.list("")) left.push(key);
      expect(left).toEqual([]);
    });

    test.each<[string, ProxyFault, string]>([
      ["refuses writes", { kind: "answer", status: 403, code: "AccessDenied" }, "credentials are missing or refused"],
      [
        "lacks a header",
        { kind: "answer", status: 501, code: "NotImplemented", fields: { Header: "x-amz-checksum-crc32" } },
        "AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED",
      ],
      ["is behind a proxy that weakens ETags", { kind: "weak-etag" }, "a proxy between here and"],
    ])("one that %s can't be published to, and is not said to be well", async (_, onPut, reason) => {
      const finding = await storeFinding({ onPut });
      expect(finding).toMatchObject({ ok: false, needed: true });
      expect(finding?.detail).toContain("can be read (nothing published yet), but nothing can be published there");
      expect(finding?.detail).toContain(reason);
    });

    test("--no-write tries no write, and says so", async () => {
      const before = proxy.seen.length;
      const finding = await storeFinding({ write: false, onPut: { kind: "answer", status: 403, code: "AccessDenied" } });
      expect(finding).toMatchObject({ ok: true, detail: expect.stringContaining("writing was not tried") });
      expect(proxy.seen.slice(before).filter((line) => line.startsWith("PUT"))).toEqual([]);
    });
  });
}
