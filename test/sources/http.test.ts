import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { createCryptoCompare } from "../../sources/cryptocompare/cryptocompare.ts";
import { getJson, retryAfterMs } from "../../sources/http.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function answering(
  answer: (path: string) => { status?: number; body: string; headers?: Record<string, string> } | null,
): Promise<string> {
  const server = createServer((request, response) => {
    const found = answer(request.url ?? "");
    if (found) response.writeHead(found.status ?? 200, found.headers).end(found.body);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no address");
  return `http://127.0.0.1:${address.port}`;
}

describe("Retry-After", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  test.each([
    [null, null],
    ["3", 3_000],
    ["0", 0],
    ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000],
    ["Wed, 31 Dec 2025 23:59:00 GMT", null],
    ["soon", null],
    ["-5", null],
    ["999999999", 3_600_000],
  ])("%j is %j ms", (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});

describe("getJson", () => {
  test("gives up after its time limit and says how long that was", async () => {
    const url = new URL(await answering(() => null));
    await expect(getJson({ subject: "kraken, BTC 1d", url, timeoutMs: 100 })).rejects.toThrow("kraken, BTC 1d: no answer within 0.1 s");
  });

  test("hands on a client error's JSON, for the adapter to read", async () => {
    const url = new URL(await answering(() => ({ status: 400, body: '{"code":-1121}' })));
    expect(await getJson({ subject: "x", url })).toMatchObject({ status: 400, body: { code: -1121 } });
  });

  test("tells the service's clock, by which a candle has closed or not", async () => {
    const headers = { date: "Thu, 31 Dec 2020 23:30:00 GMT" };
    const url = new URL(await answering(() => ({ status: 200, body: "[]", headers })));
    expect((await getJson({ subject: "x", url })).servedAt).toBe(Date.parse("2020-12-31T23:30:00Z"));
  });

  test("takes a refusal by a web page for a fault in transit, not for a wrong key", async () => {
    const url = new URL(
      await answering(() => ({
        status: 403,
        body: "<html>Attention Required! | Cloudflare</html>",
        headers: { "content-type": "text/html" },
      })),
    );
    await expect(getJson({ subject: "x", url })).rejects.toMatchObject({ name: "SourceUnavailable" });
  });

  test("takes a refusal in JSON for a wrong key", async () => {
    const url = new URL(await answering(() => ({ status: 403, body: "{}" })));
    await expect(getJson({ subject: "x", url })).rejects.toMatchObject({ name: "Unauthorized" });
  });
});

describe("cryptocompare", () => {
  const day = 86_400;
  const row = (time: number, price: number) => ({
    time,
    open: price,
    high: price,
    low: price,
    close: price,
    volumefrom: 1,
    volumeto: price,
  });
  const success = (rows: unknown[]) => ({ body: JSON.stringify({ Response: "Success", Data: { Data: rows } }) });

  test("goes on past a zero row in the middle of the history: only zero rows before the first candle mean the listing", async () => {
    const rows = Array.from({ length: 2001 }, (_, i) => row((5000 + i) * day, i === 1000 ? 0 : 10));
    const baseUrl = await answering(() => success(rows));
    const page = await createCryptoCompare({ baseUrl, apiKey: "k", now: () => 0 }).fetchPage({
      symbol: "BTC",
      interval: "1d",
      range: { from: 0, to: 7001 * day * 1000 },
    });
    expect(page.next).toEqual({ from: 0, to: 5000 * day * 1000 });
    expect(page.covered.from).toBe(5000 * day * 1000);
  });

  test("claims nothing where every row lies before the listing", async () => {
    const baseUrl = await answering(() => success([row(10 * day, 0), row(11 * day, 0)]));
    const to = 12 * day * 1000;
    const page = await createCryptoCompare({ baseUrl, apiKey: "k", now: () => 0 }).fetchPage({
      symbol: "BTC",
      interval: "1d",
      range: { from: 10 * day * 1000, to },
    });
    expect(page.next).toBeNull();
    expect(page.covered).toEqual({ from: to, to });
  });

  test("refuses a row of another shape", async () => {
    const baseUrl = await answering(() => success([{ when: 1 }]));
    const asked = createCryptoCompare({ baseUrl, apiKey: "k", now: () => 0 }).fetchPage({
      symbol: "BTC",
      interval: "1d",
      range: { from: 0, to: day * 1000 },
    });
    await expect(asked).rejects.toMatchObject({ name: "InvalidCandle" });
  });

  test("waits as long as the shortest of the limits that are exceeded says", async () => {
    const limits = { calls_made: { second: 1, minute: 3, day: 7773 }, max_calls: { second: 20, minute: 300, day: 7500 } };
    const body = JSON.stringify({ Response: "Error", Type: 99, Message: "You are over your rate limit", RateLimit: limits });
    const asked = createCryptoCompare({ baseUrl: await answering(() => ({ body })), apiKey: "k" }).fetchPage({
      symbol: "BTC",
      interval: "1d",
      range: { from: 0, to: day * 1000 },
    });
    await expect(asked).rejects.toMatchObject({ name: "RateLimited", retryAfterMs: 3_600_000 });
  });
});
