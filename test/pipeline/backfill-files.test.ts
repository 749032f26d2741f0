import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { makeZip, publishedMonth } from "../sources/make-zip.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type System, startSystem } from "./system.ts";

const HOUR = 3_600_000;

describe("a backfill from published files", () => {
  let system: System;
  let files: ReturnType<typeof temporaryFolder>;
  const servers: Server[] = [];
  /** A source that knows no coin. */
  const source = createServer((_, response) => response.writeHead(400).end('{"code":-1121,"msg":"Invalid symbol."}'));
  beforeAll(async () => {
    await new Promise<void>((done) => source.listen(0, "127.0.0.1", done));
    system = await startSystem({ BINANCE_URL: `http://127.0.0.1:${(source.address() as AddressInfo).port}` });
  });
  beforeEach(async () => {
    files = temporaryFolder();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((done) => server.close(done));
    await files.remove();
  });
  afterAll(async () => {
    await system?.stop();
    source.close();
  });

  /** Writes a month's file with its checksum. */
  async function publish(symbol: string, month: string, { folder = files.path, digest = "" } = {}): Promise<void> {
    const { name, bytes } = publishedMonth(symbol, "1h", month, HOUR);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, name), bytes);
    await writeFile(join(folder, `${name}.CHECKSUM`), `${digest || createHash("sha256").update(bytes).digest("hex")}  ${name}\n`);
  }
  const stored = async (symbol: string) =>
    (await loadSeries(system.store, symbol, "1h", { asOf: Date.parse("2024-01-01"), knownAt: Date.now() })).series;
  const backfill = (symbol: string, from: string, to: string, place: string) =>
    system.backfill({ symbols: [symbol], interval: "1h", from, to, source: "binance", files: place });

  test("takes whole months from a folder, and only what is asked for of the first and last; a second one has nothing to do", async () => {
    for (const month of ["2023-01", "2023-02", "2023-03"]) await publish("AAA", month);
    const result = await backfill("AAA", "2023-01-15", "2023-03-02", files.path);
    const hours = (Date.parse("2023-03-02") - Date.parse("2023-01-15")) / HOUR;
    expect(result).toMatchObject({ windows: 3, done: 3, added: hours, failedWindows: 0 });
    const series = await stored("AAA");
    expect([series.openTime[0], series.openTime[series.length - 1]]).toEqual([Date.parse("2023-01-15"), Date.parse("2023-03-01T23:00")]);
    expect(new Set(series.source)).toEqual(new Set(["binance"]));
    expect(series.quoteVolume[0]).toBe(2.5 * series.close[0]);
    expect(await backfill("AAA", "2023-01-15", "2023-03-02", files.path)).toMatchObject({ windows: 0 });
  }, 60_000);

  test("finds them in the publisher's folders, asks the source for a month without a file, and names a damaged one", async () => {
    const folder = join(files.path, "data/spot/monthly/klines/BBBUSDT/1h");
    await publish("BBB", "2023-01", { folder });
    await publish("BBB", "2023-02", { folder, digest: "0".repeat(64) });
    const { failedWindows, failed, added } = await backfill("BBB", "2023-01-01", "2023-04-01", files.path);
    expect({ failedWindows, added }).toEqual({ failedWindows: 2, added: 31 * 24 });
    expect(failed.map(({ error }) => error)).toEqual([
      expect.stringMatching(/^BBB from 2023-02-01: .*2023-02.zip is damaged: its SHA-256/),
      "BBB from 2023-03-01: binance has no pair BBBUSDT",
    ]);
  }, 60_000);

  test("refuses a file with candles of another month, by name and line", async () => {
    const { bytes } = publishedMonth("CCC", "1h", "2023-02", HOUR);
    await writeFile(join(files.path, "CCCUSDT-1h-2023-01.zip"), bytes);
    const { failed, added } = await backfill("CCC", "2023-01-01", "2023-02-01", files.path);
    expect(added).toBe(0);
    expect(failed[0].error).toMatch(/CCCUSDT-1h-2023-01.zip, line 1: a candle of 2023-02-01T00:00 in a file of 2023-01/);
    await writeFile(join(files.path, "CCCUSDT-1h-2023-03.zip"), makeZip("CCCUSDT-1h-2023-03.csv", "1,2,3\n"));
    expect((await backfill("CCC", "2023-03-01", "2023-04-01", files.path)).failedWindows).toBe(1);
  }, 60_000);

  test("downloads them from an address, with their checksums", async () => {
    const { name, bytes } = publishedMonth("DDD", "1h", "2023-01", HOUR);
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? "");
      if (request.url?.endsWith(name)) response.end(bytes);
      else if (request.url?.endsWith(".zip.CHECKSUM")) response.end(`${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`);
      else response.writeHead(404).end();
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror/`;
    expect(await backfill("DDD", "2023-01-01", "2023-02-01", url)).toMatchObject({ added: 31 * 24, failedWindows: 0 });
    expect(asked).toEqual(["", ".CHECKSUM"].map((end) => `/mirror/data/spot/monthly/klines/DDDUSDT/1h/${name}${end}`));
  }, 60_000);
});
