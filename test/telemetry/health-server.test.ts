import { afterEach, describe, expect, test } from "vitest";
import { freePort } from "../../dev/temporal/ports.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { readPointer } from "../../storage/registry/reader.ts";
import { cached, type HealthServer, startHealthServer } from "../../telemetry/health-server.ts";
import { workerChecks } from "../../telemetry/worker-checks.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let open: HealthServer[] = [];
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

async function serve() {
  const address = `127.0.0.1:${await freePort()}`;
  const server = await startHealthServer(address, { setting: "WORKER_HEALTH_ADDRESS" });
  open.push(server);
  const get = async (path: string, method = "GET") => {
    const response = await fetch(`http://${address}${path}`, { method });
    return { status: response.status, body: await response.json() };
  };
  return { address, server, get };
}

describe("a health server", () => {
  test("is alive from the start to the end, and ready only in between, while every check holds", async () => {
    const { server, get } = await serve();
    let reason: string | null = null;
    const store = {
      name: "store",
      check: async () => {
        if (reason !== null) throw new Error(reason);
        return "readable";
      },
    };
    const starting = await get("/ready");
    expect(starting).toEqual({ status: 503, body: { ready: false, checks: [{ name: "process", ok: false, detail: "it is starting" }] } });
    server.started([store, { name: "queue a", check: () => "polled" }]);
    const polled = { name: "queue a", ok: true, detail: "polled" };
    expect(await get("/ready")).toEqual({
      status: 200,
      body: { ready: true, checks: [{ name: "store", ok: true, detail: "readable" }, polled] },
    });
    reason = "s3://b can't be reached";
    expect(await get("/ready")).toEqual({
      status: 503,
      body: { ready: false, checks: [{ name: "store", ok: false, detail: "s3://b can't be reached" }, polled] },
    });
    reason = null;
    server.stopping();
    server.started([]);
    expect(await get("/ready")).toMatchObject({ status: 503, body: { checks: [{ detail: "it is stopping" }] } });
    expect(await get("/live")).toEqual({ status: 200, body: { live: true } });
  });

  test("answers nothing else", async () => {
    const { get } = await serve();
    expect((await get("/")).status).toBe(404);
    expect((await get("/ready", "POST")).status).toBe(405);
  });

  test("whose port is taken is refused by the setting's name", async () => {
    const { address } = await serve();
    await expect(startHealthServer(address, { setting: "WORKER_HEALTH_ADDRESS" })).rejects.toThrow(
      `WORKER_HEALTH_ADDRESS ${address} can't be used: listen EADDRINUSE`,
    );
  });
});

describe("a cached check", () => {
  test("is made once for many probes, and again when its time is over", async () => {
    let made = 0;
    const check = cached({ name: "n", check: async () => `made ${++made}` }, { everyMs: 200, withinMs: 1_000 });
    expect(await Promise.all([check.check(), check.check()])).toEqual(["made 1", "made 1"]);
    await new Promise((done) => setTimeout(done, 220));
    expect(await check.check()).toBe("made 2");
  });

  test("that hangs has failed, and so has one that throws at once", async () => {
    const hanging = cached({ name: "n", check: () => new Promise<string>(() => {}) }, { everyMs: 1_000, withinMs: 50 });
    await expect(hanging.check()).rejects.toThrow("no answer within 0.05 s");
    const throwing = cached(
      {
        name: "n",
        check: () => {
          throw new Error("closed");
        },
      },
      { everyMs: 1_000, withinMs: 50 },
    );
    await expect(throwing.check()).rejects.toThrow("closed");
  });
});

test("a worker's checks name queue, Temporal, store and fit threads, each with its own reason", async () => {
  const folder = temporaryFolder();
  try {
    const store = createFileStore(folder.path);
    await store.put("manifests/latest.json", new TextEncoder().encode("{ half"), { ifAbsent: true });
    const fails = (reason: string) => async () => {
      throw new Error(reason);
    };
    const connection = { workflowService: { getSystemInfo: fails("14 UNAVAILABLE") } } as never;
    const pollers = [{ taskQueue: "candlecast-cpu", assertPolled: fails("its worker is draining") }];
    const checks = workerChecks({
      pollers,
      connection,
      readStore: () => readPointer(store),
      assertFitThread: fails("no memory"),
    });
    const outcomes = await Promise.all(
      checks.map(async ({ name, check }) => `${name}: ${await Promise.resolve(check()).catch((error: Error) => error.message)}`),
    );
    expect(outcomes).toEqual([
      "queue candlecast-cpu: its worker is draining",
      "Temporal: 14 UNAVAILABLE",
      expect.stringMatching(/^store: manifests\/latest\.json/),
      "fit threads: no memory",
    ]);
  } finally {
    await folder.remove();
  }
});
