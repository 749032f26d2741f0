import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { PreconditionFailedError, StoreUnavailableError, UnauthorizedError } from "../../core/vocabulary/errors.ts";
import { loadSeries, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { createS3Store } from "../../storage/object-store/s3-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { candle, START, series } from "../candles/series.ts";
import { type S3Server, startVersitygw } from "../versitygw.ts";
import { type FaultyProxy, type ProxyFault, startFaultyProxy } from "./faulty-proxy.ts";
import { chainOf } from "./races.ts";
import { runManifest } from "./runs.ts";

const found: { server: S3Server } | { why: string } = await startVersitygw().then(
  (server) => ({ server }),
  (error: Error) => ({ why: error.message }),
);
const bytes = (text: string) => new TextEncoder().encode(text);
const ABSENT = { ifAbsent: true } as const;

if ("why" in found) {
  test.skip(`faults between here and S3: skipped, because no S3 server can be had: ${found.why}`, () => {});
} else {
  const { server } = found;
  describe("between here and an S3 server", () => {
    let proxy: FaultyProxy;
    let store: ObjectStore;
    beforeAll(async () => {
      vi.stubEnv("AWS_ACCESS_KEY_ID", server.accessKey);
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", server.secretKey);
      proxy = await startFaultyProxy(server.endpoint);
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await proxy.stop();
      await server.stop();
    });
    beforeEach(() => {
      proxy.decide(() => undefined);
      proxy.seen.length = 0;
      store = createS3Store({ bucket: server.bucket, prefix: crypto.randomUUID(), endpoint: proxy.endpoint, timeoutMs: 300 });
    });
    /** Applies these faults to the next requests of a method, then lets all pass. */
    const next = (method: string, ...faults: ProxyFault[]) => proxy.decide((asked) => (asked === method ? faults.shift() : undefined));
    const textOf = async (key: string) => new TextDecoder().decode((await store.get(key))?.bytes);
    const LOST: ProxyFault = { kind: "lost-answer" };

    test("a put whose answer was lost recognises its own object, new or replaced", async () => {
      next("PUT", LOST);
      const { etag } = await store.put("a", bytes("1"), ABSENT);
      expect((await store.get("a"))?.etag).toBe(etag);
      next("PUT", LOST, LOST);
      const second = await store.put("a", bytes("2"), { ifMatch: etag });
      expect((await store.get("a"))?.etag).toBe(second.etag);
      expect(await textOf("a")).toBe("2");
      expect(proxy.seen.filter((line) => line.startsWith("PUT"))).toHaveLength(5);
    });

    test("another writer's equal bytes are not taken for one's own", async () => {
      const { etag } = await store.put("count", bytes("4"), ABSENT);
      let other = false;
      proxy.decide((method) => {
        if (method !== "PUT" || other) return undefined;
        other = true;
        return { kind: "answer", status: 503, code: "SlowDown" };
      });
      const mine = store.put("count", bytes("5"), { ifMatch: etag });
      const direct = createS3Store({ bucket: server.bucket, prefix: store.url.split("/").at(-1) ?? "", endpoint: server.endpoint });
      await direct.put("count", bytes("5"), { ifMatch: etag });
      await expect(mine).rejects.toThrow(PreconditionFailedError);
    });

    test("409 is tried again, and 412 and 404 of an if-match are lost races", async () => {
      const conflict: ProxyFault = { kind: "answer", status: 409, code: "ConditionalRequestConflict" };
      next("PUT", conflict, conflict);
      const { etag } = await store.put("a", bytes("1"), ABSENT);
      for (const status of [412, 404]) {
        next("PUT", { kind: "answer", status, code: status === 404 ? "NoSuchKey" : "PreconditionFailed" });
        await expect(store.put("a", bytes("2"), { ifMatch: etag })).rejects.toThrow(PreconditionFailedError);
      }
      expect(await textOf("a")).toBe("1");
    });

    test("what is damaged in transit is neither stored nor returned", async () => {
      next("PUT", { kind: "damaged-request" });
      await expect(store.put("a", bytes("a text of some length"), ABSENT)).rejects.toThrow(StoreUnavailableError);
      expect(await store.get("a")).toBeNull();
      await store.put("a", bytes("a text of some length"), ABSENT);
      next("GET", { kind: "damaged-answer" });
      await expect(store.get("a")).rejects.toThrow(StoreUnavailableError);
      next("GET", { kind: "half-answer" });
      await expect(store.get("a")).rejects.toThrow(StoreUnavailableError);
      expect(await textOf("a")).toBe("a text of some length");
    });

    test("an answer that stalls halfway is given up, and the next one is read", async () => {
      await store.put("a", bytes("a text of some length"), ABSENT);
      next("GET", { kind: "stalled-answer" });
      await expect(store.get("a")).rejects.toThrow(StoreUnavailableError);
      expect(await textOf("a")).toBe("a text of some length");
    });

    const lasting: readonly (readonly [string, ProxyFault, RegExp, abstract new (...args: never[]) => Error])[] = [
      [
        "a clock that is wrong",
        { kind: "answer", status: 403, code: "RequestTimeTooSkewed" },
        /too far apart.*set this machine's clock/,
        StoreUnavailableError,
      ],
      ["403", { kind: "answer", status: 403, code: "AccessDenied" }, /check the AWS variables and the bucket's policy/, UnauthorizedError],
      [
        "500",
        { kind: "answer", status: 500, code: "InternalError" },
        /HTTP 500, InternalError\); check the server, http/,
        StoreUnavailableError,
      ],
      ...["ExpiredToken", "InvalidToken", "TokenRefreshRequired"].map(
        (code) =>
          [
            code,
            { kind: "answer", status: 400, code, message: "The provided token\n  is no good." },
            new RegExp(`session token is refused \\(${code}\\); get new credentials.*The server said: “The provided token is no good\\.”`),
            UnauthorizedError,
          ] as const,
      ),
      [
        "a region that the server names in a field",
        { kind: "answer", status: 400, code: "AuthorizationHeaderMalformed", fields: { Region: "eu-central-1" } },
        /another region; set AWS_REGION=eu-central-1/,
        StoreUnavailableError,
      ],
      [
        "a region that the server names in its sentence",
        { kind: "answer", status: 400, code: "AuthorizationHeaderMalformed", message: "the region 'x' is wrong; expecting 'ap-south-1'" },
        /set AWS_REGION=ap-south-1\..*expecting 'ap-south-1'/,
        StoreUnavailableError,
      ],
      [
        "301 with the region in a header",
        { kind: "answer", status: 301, code: "PermanentRedirect", headers: { "x-amz-bucket-region": "eu-west-3" } },
        /another region; set AWS_REGION=eu-west-3/,
        StoreUnavailableError,
      ],
      [
        "301 without a region",
        { kind: "answer", status: 301, code: "PermanentRedirect" },
        /set AWS_REGION to its region/,
        StoreUnavailableError,
      ],
      [
        "a header that the server lacks",
        { kind: "answer", status: 501, code: "NotImplemented", fields: { Header: "x-amz-checksum-crc32" } },
        /does not know the header x-amz-checksum-crc32; set AWS_REQUEST_CHECKSUM_CALCULATION=WHEN_REQUIRED/,
        StoreUnavailableError,
      ],
      [
        "a condition that the server lacks",
        { kind: "answer", status: 501, code: "NotImplemented", fields: { Header: "If-None-Match" } },
        /does not know the header If-None-Match, so nothing can be published/,
        StoreUnavailableError,
      ],
      ["a server that says nothing", { kind: "silent" }, /4 times \(ETIMEDOUT\); check the server/, StoreUnavailableError],
      ["a connection that is cut", { kind: "cut" }, /ECONNRESET\); check the server/, StoreUnavailableError],
    ];
    test.each(lasting)("%s is reported with what to do, and the last good manifest stays", async (_, fault, says, type) => {
      const run = (name: string) => publish(store, (previous) => runManifest(name, START, previous, null));
      const { manifest } = await run("good");
      proxy.decide((method) => (method === "PUT" ? fault : undefined));
      const asked = run("bad");
      await expect(asked).rejects.toThrow(type);
      await expect(asked).rejects.toThrow(says);
      proxy.decide((method, path) => (method === "PUT" && path.endsWith("/latest.json") ? fault : undefined));
      await expect(run("bad")).rejects.toThrow(type);
      expect((await readLatest(store))?.manifest).toEqual(manifest);
      proxy.decide(() => fault);
      await expect(readLatest(store)).rejects.toThrow(type);
      await expect(store.stat("a")).rejects.toThrow(type);
      await expect(store.list("")[Symbol.asyncIterator]().next()).rejects.toThrow(type);
      proxy.decide(() => undefined);
      await run("next");
      expect((await chainOf(store)).map(({ workflow }) => workflow.runId)).toEqual(["next", "good"]);
    });

    test("a sentence of the server is cut and put on one line", async () => {
      proxy.decide(() => ({ kind: "answer", status: 403, code: "AccessDenied", message: `denied\u0007\u202e ${"long ".repeat(100)}` }));
      const error = await store.get("a").catch((thrown: Error) => thrown);
      expect((error as Error).message).toMatch(/The server said: “denied (?:long )+.*…”$/);
      expect((error as Error).message.length).toBeLessThan(450);
    });

    test("a weak ETag names the proxy that made it, and nothing is published", async () => {
      await store.put("a", bytes("1"), ABSENT);
      proxy.decide(() => ({ kind: "weak-etag" }));
      await expect(store.get("a")).rejects.toThrow(/a in s3:.*ETag is weak \(W\/".*a proxy between here and http/);
      await expect(store.put("b", bytes("1"), ABSENT)).rejects.toThrow(StoreUnavailableError);
    });

    test("a stat that fails says why, though the answer to a HEAD does not", async () => {
      const answer = (status: number, code: string) => proxy.decide(() => ({ kind: "answer", status, code }));
      answer(403, "RequestTimeTooSkewed");
      await expect(store.stat("a")).rejects.toThrow(/set this machine's clock/);
      answer(404, "NoSuchBucket");
      await expect(store.stat("a")).rejects.toThrow(/no such bucket/);
      answer(404, "NoSuchKey");
      expect(await store.stat("a")).toBeNull();
    });

    test("a publish whose answers are lost, once or always, is in the chain once", async () => {
      const run = (name: string) => publish(store, (previous) => runManifest(name, START, previous, null));
      proxy.decide(losing(1));
      expect((await run("a")).published).toBe(true);
      proxy.decide(losing(100));
      await expect(run("b")).rejects.toThrow(StoreUnavailableError);
      proxy.decide(() => undefined);
      await run("c");
      await run("b");
      const chain = (await chainOf(store)).map(({ workflow }) => workflow.runId);
      expect([...chain].sort()).toEqual(["a", "b", "c"]);
    });

    test("candles whose writes lose their answers again and again are all there, once", async () => {
      let puts = 0;
      proxy.decide((method) => (method === "PUT" && puts++ % 2 === 0 ? LOST : undefined));
      for (let day = 0; day < 6; day++)
        await upsertCandles(store, series([candle(day), candle(day + 1, { close: 11.5, fetchedAt: START + day })]));
      const { series: loaded } = await loadSeries(store, "BTC", "1d", { asOf: Date.parse("2100-01-01") });
      expect(loaded.length).toBe(7);
    });
  });

  /** Loses the answers of this many puts of each key. */
  function losing(times: number): (method: string, path: string) => ProxyFault | undefined {
    const lost = new Map<string, number>();
    return (method, path) => {
      if (method !== "PUT") return undefined;
      lost.set(path, (lost.get(path) ?? 0) + 1);
      return (lost.get(path) ?? 0) <= times ? { kind: "lost-answer" } : undefined;
    };
  }
}
