import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { runList, startedRun } from "../../api/answers/run-answers.ts";
import { createApp } from "../../api/app.ts";
import { problemSchema } from "../../api/http/problem.ts";
import { createLiveRegistry } from "../../api/served/live-registry.ts";
import { type RunningApi, startApi } from "../../api/server.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { createMemoryStore } from "../../storage/object-store/memory-store.ts";
import { type System, startSystem } from "../pipeline/system.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { FakeDesk } from "./fake-desk.ts";
import { serveFolder } from "./serve-folder.ts";

const TOKEN = "a-token-of-tests";
const WITH_TOKEN = { Authorization: `Bearer ${TOKEN}` };
const PATH = "/pipeline/runs";

type Run = z.infer<typeof runList>["runs"][number];

function appWith({ desk = new FakeDesk(), token = TOKEN }: { desk?: FakeDesk | null; token?: string | null } = {}) {
  const registry = createLiveRegistry(createMemoryStore(), { pollMs: 0 });
  return createApp({ registry, now: () => 0, codeVersion: "0.0.0", token, runs: desk });
}

function post(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return { method: "POST", body: JSON.stringify(body), headers: { ...WITH_TOKEN, "Content-Type": "application/json", ...headers } };
}

async function expectProblem(response: Response, status: number, name: string): Promise<z.infer<typeof problemSchema>> {
  expect(response.status).toBe(status);
  const body = problemSchema.parse(await response.json());
  expect(body.type).toBe(`urn:problem-type:candlecast:${name}`);
  return body;
}

describe("/pipeline/runs", () => {
  test.each([
    ["no desk", { desk: null }],
    ["no token", { token: null }],
  ])("is a 404 of its own type with %s, and without a header a 401 that says the same", async (_, options) => {
    const app = appWith(options);
    for (const request of [{ headers: WITH_TOKEN }, post({ kind: "pipeline" })])
      await expectProblem(await app.request(PATH, request), 404, "runs-not-enabled");
    for (const method of ["GET", "POST"])
      expect((await expectProblem(await app.request(PATH, { method }), 401, "unauthorized")).detail).toContain("lists and starts no runs");
  });

  test.each([{}, { Authorization: "Bearer wrong" }, { Authorization: TOKEN }])(
    "with %j is a 401, for reading and starting",
    async (headers) => {
      const desk = new FakeDesk();
      const app = appWith({ desk });
      await expectProblem(await app.request(PATH, { headers }), 401, "unauthorized");
      await expectProblem(await app.request(PATH, { method: "POST", headers }), 401, "unauthorized");
      expect(desk.asked).toEqual([]);
    },
  );

  test("asked by a page of another site is a 403, even with the token", async () => {
    const response = await appWith().request(PATH, post({ kind: "pipeline" }, { "Sec-Fetch-Site": "cross-site" }));
    await expectProblem(response, 403, "forbidden");
  });

  test("lists runs, as many as are asked for, and no cache keeps them", async () => {
    const desk = new FakeDesk();
    const app = appWith({ desk });
    const response = await app.request(`${PATH}?limit=2`, { headers: WITH_TOKEN });
    expect(response.headers.get("cache-control")).toBe("no-store");
    const { runs } = runList.parse(await response.json());
    expect(runs).toHaveLength(2);
    expect(runs[0]).toMatchObject({ status: "running", progress: { words: "fetching candles, computing features: 3 of 11 coins" } });
    for (const limit of ["0", "101", "x"])
      await expectProblem(await app.request(`${PATH}?limit=${limit}`, { headers: WITH_TOKEN }), 422, "invalid-parameter");
  });

  test("starts a run with the input that was sent, and answers 202", async () => {
    const desk = new FakeDesk();
    const response = await appWith({ desk }).request(PATH, post({ kind: "backfill", input: { symbols: ["BTC"] } }));
    expect(response.status).toBe(202);
    expect(startedRun.parse(await response.json()).workflow_id).toBe("backfill-fake");
    expect(desk.asked).toEqual([{ kind: "backfill", input: { symbols: ["BTC"] } }]);
  });

  test("a refused input is a 422 that names field and value", async () => {
    const problem = await expectProblem(
      await appWith().request(PATH, post({ kind: "pipeline", input: { horizon: 0 } })),
      422,
      "invalid-run-input",
    );
    expect(problem).toMatchObject({ field: "horizon", detail: "horizon is 0, but should be a whole number from 1 to 365." });
  });

  test.each([
    [{ kind: "nothing" }, "kind"],
    [{}, "kind"],
    [{ kind: "pipeline", input: [] }, "input"],
    [[], "body"],
  ])("%j is a 422 about %s", async (body, field) => {
    expect((await expectProblem(await appWith().request(PATH, post(body)), 422, "invalid-run-input")).field).toBe(field);
  });

  test("a body that is no JSON, or not declared as such, is refused before anybody looks at it", async () => {
    const app = appWith();
    await expectProblem(await app.request(PATH, { ...post({}), body: "{" }), 400, "bad-request");
    await expectProblem(await app.request(PATH, post({}, { "Content-Type": "text/plain" })), 415, "unsupported-media-type");
  });

  test("says in a 503 that Temporal is unavailable, and when to ask again", async () => {
    const desk = new FakeDesk();
    desk.unavailable = true;
    const app = appWith({ desk });
    for (const request of [{ headers: WITH_TOKEN }, post({ kind: "pipeline" })]) {
      const response = await app.request(PATH, request);
      expect(response.headers.get("retry-after")).toBe("10");
      await expectProblem(response, 503, "runs-unavailable");
    }
  });
});

describe("over a real Temporal server", () => {
  let system: System;
  let api: RunningApi;

  beforeAll(async () => {
    system = await startSystem();
    const { stateDir } = system.settings;
    const env = { STATE_DIR: stateDir, HOST: "127.0.0.1", PORT: "0", API_TOKEN: TOKEN, TEMPORAL_ADDRESS: system.address };
    api = await startApi({ settings: parseSettings({ ...env, TEMPORAL_UI_URL: system.uiUrl }), env });
  });
  afterAll(async () => {
    await api?.close();
    await system?.stop();
  });

  const listed = async (workflowId: string): Promise<Run | undefined> => {
    const response = await fetch(`${api.url}${PATH}`, { headers: WITH_TOKEN });
    return runList.parse(await response.json()).runs.find((run) => run.workflow_id === workflowId);
  };
  const start = async (body: unknown) => {
    const response = await fetch(`${api.url}${PATH}`, post(body));
    expect(response.status).toBe(202);
    return startedRun.parse(await response.json());
  };

  test("a pipeline that is started by POST is listed while it runs, with its progress, and when it has completed", {
    timeout: 240_000,
  }, async () => {
    const started = await start({ kind: "pipeline", input: { symbols: ["het"], asOf: "2020-12-31T12:00:00Z" } });
    expect(started.url).toBe(`${system.uiUrl}/namespaces/default/workflows/${encodeURIComponent(started.workflow_id)}/${started.run_id}`);
    const words = new Set<string>();
    let last: Run | undefined;
    await expect
      .poll(
        async () => {
          last = await listed(started.workflow_id);
          if (last?.progress) words.add(last.progress.words);
          return last?.status;
        },
        { timeout: 200_000, interval: 200 },
      )
      .toBe("completed");
    expect(last).toMatchObject({ type: "pipeline", run_id: started.run_id, reason: null, progress: null, url: started.url });
    expect(last?.summary).toMatch(/^Published manifest /);
    expect([...words].join("\n")).toMatch(/training and evaluating models: \d of \d models/);
    const { version } = (await (await fetch(`${api.url}/reload`, { method: "POST", headers: WITH_TOKEN })).json()) as { version: string };
    expect(version).toBe((await system.manifest())?.version);
  });

  test("a backfill fetches what is missing", { timeout: 120_000 }, async () => {
    const { workflow_id } = await start({
      kind: "backfill",
      input: { symbols: ["HET"], interval: "1h", from: "2019-01-01", to: "2019-02-01" },
    });
    await expect.poll(async () => (await listed(workflow_id))?.summary, { timeout: 100_000 }).toMatch(/744 candles/);
  });

  test("a run that fails is listed with its reason", { timeout: 120_000 }, async () => {
    const { workflow_id } = await start({ kind: "pipeline", input: { symbols: ["HET"], source: "nowhere" } });
    await expect.poll(async () => (await listed(workflow_id))?.status, { timeout: 100_000 }).toBe("failed");
    expect((await listed(workflow_id))?.reason).toMatch(/nowhere/);
  });

  test.each([
    ["pipeline", { symbols: ["B-C"] }, "symbols", /^symbols is "B-C", but should be 1 to 15 letters or digits each/],
    ["pipeline", { symbol: "BTC" }, "symbol", /^symbol is not a field of pipeline/],
    ["backfill", { from: "yesterday" }, "from", /^from is "yesterday", but should be an ISO 8601 date/],
    ["backfill", { from: "2020-01-02", to: "2020-01-01" }, "from", /but should be before to/],
  ])("a %s with %j is a 422 by the tables of the workflows' inputs", async (kind, input, field, detail) => {
    const problem = await expectProblem(await fetch(`${api.url}${PATH}`, post({ kind, input })), 422, "invalid-run-input");
    expect(problem.field).toBe(field);
    expect(problem.detail).toMatch(detail);
  });
});

test("with Temporal away, predictions and pages are served, and runs are a 503", { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const served = await serveFolder(folder.path, { env: { API_TOKEN: TOKEN, TEMPORAL_ADDRESS: "127.0.0.1:1" } });
  try {
    await expectProblem(await fetch(`${served.url}${PATH}`, { headers: WITH_TOKEN }), 503, "runs-unavailable");
    for (const path of ["/symbol/HET", "/runs"]) expect((await fetch(`${served.url}${path}`)).status).toBe(200);
  } finally {
    await served.close();
    folder.remove();
  }
});

test.each([
  ["neither token nor server", {}, false],
  ["a server, but no token", { TEMPORAL_ADDRESS: "127.0.0.1:1" }, false],
  ["a token, but no server", { API_TOKEN: TOKEN }, false],
  ["both", { API_TOKEN: TOKEN, TEMPORAL_ADDRESS: "127.0.0.1:1" }, true],
])("with %s, whether the API loads Temporal's client: %j is %j", async (_, env, wanted) => {
  const folder = temporaryFolder();
  const program = `
    const { startApi } = await import(${JSON.stringify(new URL("../../api/server.ts", import.meta.url).href)});
    const { parseSettings } = await import(${JSON.stringify(new URL("../../settings/parse-settings.ts", import.meta.url).href)});
    const { createRequire } = await import("node:module");
    const api = await startApi({ settings: parseSettings(process.env) });
    const loaded = Object.keys(createRequire(process.execPath).cache);
    console.log(JSON.stringify(loaded.filter((file) => file.includes("@temporalio/client/") || file.includes("@grpc/")).length > 0));
    process.exit();`;
  const settings = { ...env, STATE_DIR: folder.path, HOST: "127.0.0.1", PORT: "0" };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], {
    env: { PATH: process.env.PATH, HOME: folder.path, ...settings },
  });
  folder.remove();
  expect(JSON.parse(stdout)).toBe(wanted);
});
