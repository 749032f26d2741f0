import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { routeUrl } from "../../sources/http.ts";

describe("the address of a service", () => {
  test.each([
    ["https://host", "/api/v3/klines", "https://host/api/v3/klines"],
    ["https://host/", "/api/v3/klines", "https://host/api/v3/klines"],
    ["https://relay/binance", "/api/v3/klines?x=1", "https://relay/binance/api/v3/klines?x=1"],
    ["https://relay/a/b/", "/0/public/OHLC", "https://relay/a/b/0/public/OHLC"],
  ])("%s keeps its path before %s", (base, route, whole) => {
    expect(routeUrl(base, route).href).toBe(whole);
  });
});

/** A service, and a proxy that leads every CONNECT to it. */
async function startProxy() {
  const asked: string[] = [];
  const service = createServer((_, response) => response.end("[]"));
  const proxy = createServer();
  await Promise.all([service, proxy].map((server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done))));
  const portOf = (server: typeof service) => (server.address() as AddressInfo).port;
  proxy.on("connect", ({ url }, socket, head) => {
    asked.push(String(url));
    const upstream = connect(portOf(service), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on("error", () => {});
  });
  return {
    asked,
    url: `http://user:hunter2@127.0.0.1:${portOf(proxy)}`,
    serviceUrl: `http://127.0.0.1:${portOf(service)}`,
    stop: async () => {
      for (const server of [service, proxy]) {
        server.closeAllConnections();
        await new Promise((done) => server.close(done));
      }
    },
  };
}

const SCRIPT = new URL("./ask-through-proxy.ts", import.meta.url).pathname;

async function ask(baseUrl: string, env: Record<string, string>): Promise<string[]> {
  const options = { cwd: new URL("../..", import.meta.url).pathname, env: { PATH: process.env.PATH, ...env }, timeout: 20_000 };
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, baseUrl], options);
  return stdout.trim().split("\n");
}

describe("a proxy", () => {
  test("is used for sources, its credentials are not shown, and this machine is asked directly", async () => {
    const proxy = await startProxy();
    try {
      const shown = proxy.url.replace("user:hunter2@", "");
      expect(await ask("http://nowhere.invalid", { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url })).toEqual([shown, "0"]);
      expect(proxy.asked).toEqual(["nowhere.invalid:80"]);
      expect(await ask(proxy.serviceUrl, { http_proxy: proxy.url, https_proxy: proxy.url })).toEqual([shown, "0"]);
      expect(await ask(proxy.serviceUrl, {})).toEqual(["null", "0"]);
      expect(proxy.asked).toHaveLength(1);
      await expect(ask("http://nowhere.invalid", { HTTPS_PROXY: "proxy:3128" })).rejects.toThrow(
        /HTTPS_PROXY is no address like http:\/\/proxy:3128/,
      );
    } finally {
      await proxy.stop();
    }
  }, 60_000);
});
