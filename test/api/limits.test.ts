import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createApp } from "../../api/app.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { type RunningApi, startApi } from "../../api/server.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(env: Record<string, string> = {}): Promise<RunningApi> {
  const folder = temporaryFolder();
  const api = await startApi({ settings: parseSettings({ STATE_DIR: folder.path, HOST: "127.0.0.1", PORT: "0", ...env }) });
  ends.push(folder.remove, () => api.close());
  return api;
}

function open({ url }: RunningApi): Socket {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  ends.push(() => socket.destroy());
  return socket;
}

/** Its end, by a reset too. */
function closing(socket: Socket): Promise<void> {
  return new Promise((done) => socket.once("close", () => done()));
}

/** What the server says until it closes the connection. */
async function say(api: RunningApi, text: string): Promise<{ status: number; body: ReturnType<typeof problemSchema.parse> }> {
  const socket = open(api);
  socket.write(text);
  let said = "";
  socket.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  await closing(socket);
  const [head, body] = said.split("\r\n\r\n");
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  return { status: Number(head.split(" ")[1]), body: problemSchema.parse(JSON.parse(body)) };
}

describe("what no route sees is answered with a problem, too:", () => {
  test.each([
    ["no HTTP", 400, "NONSENSE\r\n\r\n", {}],
    ["no host", 400, "GET /live HTTP/1.1\r\n\r\n", {}],
    ["an expectation", 417, "GET /live HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\n\r\n", {}],
    ["too long a head", 431, `GET /live HTTP/1.1\r\nHost: x\r\nX-Long: ${"x".repeat(2_000)}\r\n\r\n`, { MAX_HEAD_BYTES: "1000" }],
    ["too slow a head", 408, "GET /live HTTP/1.1\r\nHost: x\r\n", { HEAD_TIMEOUT: "1" }],
  ] as const)("%s is a %i", async (_, status, text, env) => {
    const api = await start(env);
    const answer = await say(api, text);
    expect(answer.status).toBe(status);
    expect(answer.body.status).toBe(status);
  });
});

describe("a client", () => {
  test("that sends ahead more requests than it may without reading is cut off; others are served", async () => {
    const api = await start({ MAX_UNREAD_ANSWERS: "50" });
    const greedy = open(api);
    greedy.pause();
    greedy.write("GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n".repeat(1_400));
    const closed = closing(greedy);
    greedy.resume();
    await closed;
    expect((await fetch(`${api.url}/live`)).status).toBe(200);
    const modest = open(api);
    modest.write("GET /live HTTP/1.1\r\nHost: x\r\n\r\n".repeat(49));
    modest.end();
    let said = "";
    modest.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
    });
    await closing(modest);
    expect(said.match(/HTTP\/1\.1 200/g)).toHaveLength(49);
  });

  test("that does not read its answer is cut off after the set time", async () => {
    const api = await start({ ANSWER_TIMEOUT: "1" });
    const slow = open(api);
    slow.pause();
    slow.write("GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20));
    await new Promise((done) => setTimeout(done, 3_000));
    const ended = closing(slow);
    slow.resume();
    await ended;
    expect(slow.destroyed).toBe(true);
  });

  test("beyond the number of connections is refused, and let in when one is free", async () => {
    const api = await start({ MAX_CONNECTIONS: "2" });
    const first = [open(api), open(api)];
    for (const socket of first) await once(socket, "connect");
    const third = open(api);
    await closing(third);
    first[0].end();
    await closing(first[0]);
    await expect.poll(async () => (await fetch(`${api.url}/live`).catch(() => null))?.status).toBe(200);
  });
});

const emptyApp = (options: Partial<Parameters<typeof createApp>[0]> = {}) => {
  const registry = createLiveRegistry(createMemoryStore(), { pollMs: 0 });
  return createApp({ registry, now: () => 0, codeVersion: "0.0.0", ...options });
};

async function problemOf(response: Response) {
  return { ...problemSchema.parse(await response.json()), headers: response.headers };
}

test("too long an address is a 414, too large a body a 413, too many requests of an address a 429 with the time to wait", async () => {
  const app = emptyApp({ limits: { urlLength: 200, bodyBytes: 100, requestsPerMinute: 3 } });
  expect((await problemOf(await app.request(`/symbol/${"A".repeat(300)}`))).status).toBe(414);
  const body = await problemOf(
    await app.request("/reload", { method: "POST", body: "x".repeat(200), headers: { "Content-Length": "200" } }),
  );
  expect(body.status).toBe(413);
  for (let i = 0; i < 3; i++) await app.request("/symbol/BTC");
  const limited = await problemOf(await app.request("/symbol/BTC"));
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await app.request("/live")).status).toBe(200);
});

describe("POST /reload", () => {
  test("needs the token where one is set", async () => {
    const app = emptyApp({ token: "swordfish" });
    const post = (authorization?: string) =>
      app.request("/reload", { method: "POST", headers: authorization ? { Authorization: authorization } : {} });
    for (const wrong of [undefined, "Bearer wrong", "Basic swordfish", "Bearer swordfish2"]) {
      const answer = await problemOf(await post(wrong));
      expect(answer.status).toBe(401);
      expect(answer.headers.get("www-authenticate")).toContain("Bearer");
    }
    expect((await post("Bearer swordfish")).status).toBe(200);
    expect((await app.request("/reload")).status).toBe(200);
  });

  test("takes no orders from a page of another site", async () => {
    const response = await emptyApp().request("/reload", { method: "POST", headers: { "Sec-Fetch-Site": "cross-site" } });
    expect((await problemOf(response)).status).toBe(403);
  });

  test("reads broken objects again, and GET /reload does not", async () => {
    const asked: string[] = [];
    const store = createMemoryStore();
    await store.put("manifests/latest.json", Buffer.from("{"), { ifAbsent: true });
    const reader = {
      ...store,
      async *list(prefix: string) {
        asked.push(prefix);
        yield* store.list(prefix);
      },
    };
    const registry = createLiveRegistry(reader, { pollMs: 0 });
    const app = createApp({ registry, now: () => 0, codeVersion: "0.0.0" });
    await app.request("/reload");
    for (let i = 0; i < 5; i++) await app.request("/reload");
    expect(asked).toHaveLength(1);
    await app.request("/reload", { method: "POST" });
    expect(asked).toHaveLength(2);
  });
});

describe("what is answered of a request's own words", () => {
  test("has no half characters, no control characters, and an instance that is a bounded reference", async () => {
    const app = emptyApp();
    for (const path of [`/${"%F0%9F%92%A3".repeat(150)}`, "/a%0D%0Ab", `/${"%C3%A9".repeat(300)}`, "//evil.example/x", "/<script>"]) {
      const { detail, instance } = await problemOf(await app.request(`http://x${path}`));
      expect(detail.isWellFormed()).toBe(true);
      expect(detail).not.toMatch(/\p{Cc}/u);
      expect(instance.length).toBeLessThanOrEqual(210);
      expect(() => decodeURI(instance)).not.toThrow();
      expect(new URL(instance, "http://here").host).toBe("here");
      expect(instance).toMatch(/^[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/);
    }
  });

  test("is a page for who prefers one, and JSON for all others", async () => {
    const app = emptyApp();
    const page = await app.request("/nothing", { headers: { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" } });
    expect(page.status).toBe(404);
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(await page.text()).toContain("Nothing here");
    expect((await problemOf(await app.request("/nothing", { headers: { Accept: "*/*" } }))).status).toBe(404);
  });
});

test("a draining service is not ready, answers on, and closes connections", async () => {
  let draining = false;
  const app = emptyApp({ isDraining: () => draining });
  expect((await app.request("/live")).headers.get("connection")).toBeNull();
  draining = true;
  expect(await problemOf(await app.request("/ready"))).toMatchObject({ status: 503, type: "urn:problem-type:candlecast:draining" });
  const live = await app.request("/live");
  expect(live.status).toBe(200);
  expect(live.headers.get("connection")).toBe("close");
});

describe("below a base path", () => {
  const app = emptyApp({ basePath: "/prod" });

  test("every route is found with and without it, and links are relative", async () => {
    for (const path of ["/prod", "/prod/", "/prod/health", "/health", "/prod/docs", "/prod/symbol/BTC"]) {
      expect([200, 503], path).toContain((await app.request(path)).status);
    }
    expect((await app.request("/production/health")).status).toBe(404);
    const page = await (await app.request("/prod/")).text();
    for (const [, address] of page.matchAll(/(?:href|src)="([^"]*)"/g)) expect(address).not.toMatch(/^\//);
    expect((await problemOf(await app.request("/prod/symbol/FOO"))).instance).toBe("/prod/symbol/FOO");
    const document = (await (await app.request("/prod/openapi.json")).json()) as { servers: { url: string }[] };
    expect(document.servers[0].url).toBe("/prod");
  });

  test("a slash too many leads to the route", async () => {
    const response = await app.request("/prod/symbol/BTC/");
    expect(response.status).toBe(308);
    expect(new URL(response.headers.get("location") ?? "", "http://x/prod/symbol/BTC/").pathname).toBe("/prod/symbol/BTC");
    expect((await app.request("/prod/redoc")).headers.get("location")).toBe("docs");
  });
});
