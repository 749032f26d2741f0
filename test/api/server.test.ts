import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startApi } from "../../api/server.ts";
import { parseSettings } from "../../settings/parse-settings.ts";

const ENTRY = fileURLToPath(new URL("../../api/server.ts", import.meta.url));
let folder: string;
const ends: (() => Promise<unknown> | unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "candlecast-api-"));
});

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function takePort(): Promise<number> {
  const server: Server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => new Promise((done) => server.close(done)));
  return (server.address() as { port: number }).port;
}

const settingsFor = (port: number) => parseSettings({ STATE_DIR: folder, HOST: "127.0.0.1", PORT: String(port) });

function runServer(env: Record<string, string>) {
  const child = spawn(process.execPath, [ENTRY], {
    env: { PATH: process.env.PATH, STATE_DIR: folder, HOST: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  ends.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await exited;
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString("utf8");
  });
  const firstLine = once(createInterface({ input: child.stdout }), "line").then(([line]) => JSON.parse(line as string));
  return { child, exited, firstLine, stderr: () => stderr };
}

describe("a taken port", () => {
  test("is an error that names it", async () => {
    const port = await takePort();
    await expect(startApi({ settings: settingsFor(port) })).rejects.toThrow(`PORT ${port} on 127.0.0.1 is taken`);
  });

  test("is stepped round where that is allowed", async () => {
    const port = await takePort();
    const api = await startApi({ settings: { ...settingsFor(port), portFallback: true } });
    ends.push(() => api.close());
    expect(api.url).not.toBe(`http://127.0.0.1:${port}`);
    expect((await fetch(`${api.url}/live`)).status).toBe(200);
  });

  test("ends the process with a sentence and no stack", async () => {
    const port = await takePort();
    const { exited, stderr } = runServer({ PORT: String(port) });
    expect(await exited).toEqual([1, null]);
    expect(stderr()).toContain(`PORT ${port} on 127.0.0.1 is taken`);
    expect(stderr()).not.toMatch(/^\s+at /m);
  });
});

test("wrong settings end the process with a report of all of them", async () => {
  const { exited, stderr } = runServer({ PORT: "many", HORIZON: "0" });
  expect(await exited).toEqual([1, null]);
  expect(stderr()).toMatch(/PORT is "many"[\s\S]*HORIZON is "0"|HORIZON is "0"[\s\S]*PORT is "many"/);
});

describe("the process", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "prints where it listens, and ends on %s within 5 s although a client stays connected",
    async (signal) => {
      const { child, exited, firstLine } = runServer({ PORT: "0" });
      const { ready, url } = await firstLine;
      expect(ready).toBe(true);
      expect((await fetch(`${url}/live`)).status).toBe(200);
      const client = connect(Number(new URL(url).port), "127.0.0.1");
      client.on("error", () => {});
      ends.push(() => client.destroy());
      await once(client, "connect");
      client.write("GET /live HTTP/1.1\r\nHost: x\r\n");
      const began = performance.now();
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
      expect(performance.now() - began).toBeLessThan(5_000);
    },
  );

  test("starts even if the store can't be reached, and tells why it serves nothing", async () => {
    const closed = createServer();
    closed.listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as { port: number };
    await new Promise((done) => closed.close(done));
    const { firstLine, stderr } = runServer({
      PORT: "0",
      STORE_URL: "s3://bucket/prefix",
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "someone",
      AWS_SECRET_ACCESS_KEY: "not-to-be-shown",
    });
    const { url } = await firstLine;
    expect((await fetch(`${url}/live`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${url}/health`)).text(), { timeout: 15_000 }).toContain("can't read its store");
    expect(stderr()).toMatch(/can't be reached.*check the server, http:\/\/127\.0\.0\.1/);
    const ready = await fetch(`${url}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).not.toContain("not-to-be-shown");
  });

  test("starts within seconds and ends at once even if the store takes connections and never answers", async () => {
    const silent = createServer((socket) => socket.on("error", () => {}));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    ends.push(() => silent.close());
    const { child, exited, firstLine } = runServer({
      PORT: "0",
      STORE_URL: "s3://bucket/prefix",
      S3_ENDPOINT: `http://127.0.0.1:${(silent.address() as { port: number }).port}`,
      AWS_ACCESS_KEY_ID: "someone",
      AWS_SECRET_ACCESS_KEY: "something",
    });
    const { url } = await firstLine;
    expect((await fetch(`${url}/live`)).status).toBe(200);
    expect((await fetch(`${url}/ready`)).status).toBe(503);
    const began = performance.now();
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
