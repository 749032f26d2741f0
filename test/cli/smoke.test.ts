import { createServer, type Server } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type CheckResult, runChecks } from "../../cli/smoke/run-checks.ts";
import { type ServedFolder, serveFolder } from "../api/serve-folder.ts";
import { runCommandOver } from "../pipeline/run-command.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { at, startTampered, type TamperedApi, textAt } from "./tampered-api.ts";
import { proxyPage, WRONG_ANSWERS } from "./wrong-answers.ts";

const ALL = [
  ...["health", "ready", "live", "models", "HET", "unknown symbol", "reload", "openapi.json", "conditional request", "home page", "docs"],
];
/** Within the candle that is predicted. */
const IN_TIME = Date.parse("2017-06-01T01:00:00Z");
const DAY = 86_400_000;

const folder = temporaryFolder();
let served: ServedFolder;
let tampered: TamperedApi;
let behindPrefix: TamperedApi;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: IN_TIME });
  served = await serveFolder(folder.path);
  tampered = await startTampered(served.url);
  behindPrefix = await startTampered(served.url, "/prod");
});
beforeEach(() => {
  vi.setSystemTime(IN_TIME);
  tampered.tamper = (_path, answer) => answer;
});
afterAll(async () => {
  vi.useRealTimers();
  for (const server of [behindPrefix, tampered, served]) await server?.close();
  folder.remove();
});

const smoke = (line: string) => runCommandOver(folder.path, `smoke ${line}`);

/** Runs the checks: which failed, and what they say by their names. */
async function check(url: string, options = "") {
  const { code, out } = await smoke(`${url} --json ${options}`.trim());
  const report = JSON.parse(out) as { ok: boolean; checks: CheckResult[] };
  expect(report.checks.map((result) => result.check)).toEqual(ALL);
  expect(report.ok).toBe(code === 0);
  const failed = report.checks.filter(({ ok }) => !ok).map((result) => result.check);
  expect(code).toBe(failed.length > 0 ? 1 : 0);
  return { code, failed, details: Object.fromEntries(report.checks.map((result) => [result.check, result.detail])) };
}

describe("smoke", () => {
  test("passes an API that serves fresh predictions, also strictly, with a line per check", async () => {
    const { code, out } = await smoke(`${served.url} --strict`);
    expect(out.split("\n").map((line) => line[0])).toEqual([...ALL.map(() => "✓"), "1"]);
    expect(out).toContain(`fresh: The newest predictions are served; manifest ${served.version}, 50 min old`);
    expect(out).toContain("11 of 11 checks passed");
    expect(code).toBe(0);
  });

  test("passes an API below a base path, whether the proxy in front removes it or not", async () => {
    const other = temporaryFolder();
    const below = await serveFolder(other.path, { env: { BASE_PATH: "/prod" } });
    const stripping = await startTampered(below.url, "/prod");
    try {
      for (const url of [`${below.url}/prod`, `${below.url}/prod/`, stripping.url])
        expect((await check(url, "--strict")).failed, url).toEqual([]);
    } finally {
      await stripping.close();
      await below.close();
      other.remove();
    }
  });

  test("names BASE_PATH where an API below a path doesn't know of it", async () => {
    const { failed, details } = await check(behindPrefix.url);
    expect(failed).toEqual(["openapi.json"]);
    expect(details["openapi.json"]).toContain("set BASE_PATH to /prod");
  });

  test.each([
    ["whose predicted candle has just closed", 1.1 * DAY, /^stale: /, /^ready with manifest .*, stale$/, /that candle has closed already/],
    ["that was stale for too long to be ready", 1.5 * DAY, /^stale: /, /^not ready: Every predicted/, /that candle has closed already/],
    ["that withholds its predictions", 9 * DAY, /^withheld: /, /^not ready: Every prediction is/, /^withheld: stale_candles/],
  ])("says so of a service %s, and fails it only if strict", async (_, later, health, ready, coin) => {
    vi.setSystemTime(IN_TIME + later);
    const { failed, details } = await check(served.url);
    expect(failed).toEqual([]);
    expect(details.health).toMatch(health);
    expect(details.HET).toMatch(coin);
    expect(details.ready).toMatch(ready);
    expect((await check(served.url, "--strict")).failed).toEqual(["health", "ready", "HET"]);
  });

  test("fails an API that has nothing to serve", async () => {
    const other = temporaryFolder();
    const { startApi } = await import("../../api/server.ts");
    const { parseSettings } = await import("../../settings/parse-settings.ts");
    const empty = await startApi({ settings: parseSettings({ STATE_DIR: other.path, HOST: "127.0.0.1", PORT: "0" }) });
    try {
      const { failed, details } = await check(empty.url);
      expect(failed).toEqual(["health", "ready", "models", "HET", "unknown symbol", "reload", "conditional request"]);
      expect(details.HET).toMatch(/^answers HTTP 503 instead of 200: /);
      expect(details["conditional request"]).toBe("answers HTTP 503 instead of 200");
    } finally {
      await empty.close();
      other.remove();
    }
  });

  test("ends at once where it is stopped", async () => {
    const input = { url: new URL(served.url), symbol: "HET", strict: false, timeoutMs: 600_000, signal: AbortSignal.abort() };
    const results = await runChecks(input);
    expect(new Set(results.map(({ ok, detail }) => `${ok}: ${detail}`))).toEqual(new Set(["false: stopped before it answered"]));
  });

  test("checks another coin on request, and says that there is none of that name", async () => {
    const { out, code } = await smoke(`${served.url} --symbol btc`);
    expect(out).toMatch(/^✗ BTC +answers HTTP 404 instead of 200: There is no symbol BTC; known are HET\.$/m);
    expect(code).toBe(1);
  });
});

describe("a check fails if what it checks is wrong, and no other one:", () => {
  test.each(WRONG_ANSWERS)("%s, by %s", async (name, _, tamper, sentence) => {
    tampered.tamper = tamper;
    const { failed, details } = await check(tampered.url);
    expect(failed).toEqual([name]);
    expect(details[name]).toMatch(sentence);
  });

  test("none, where nothing is changed, or something newer comes between two requests", async () => {
    expect((await check(tampered.url)).failed).toEqual([]);
    let asked = 0;
    tampered.tamper = at("/symbol/HET", (answer, known) => {
      const tag = asked++ < 2 ? '"old"' : '"new"';
      return known === tag ? { status: 304, headers: { etag: tag }, body: "" } : { ...answer, headers: { ...answer.headers, etag: tag } };
    });
    expect((await check(tampered.url)).failed).toEqual([]);
  });
});

test("a page below a path that needs what isn't below it fails", async () => {
  behindPrefix.tamper = textAt("/", '"./assets/', '"/assets/');
  const { failed, details } = await check(behindPrefix.url);
  expect(failed).toEqual(["openapi.json", "home page"]);
  expect(details["home page"]).toMatch(/^loads \/assets\/.*, which isn't below \/prod\/$/);
});

describe("what is no API", () => {
  let silent: Server | null = null;
  afterEach(() => silent?.close());

  const sentences = async (line: string) => {
    const { code, out } = await smoke(line);
    const lines = out.split("\n");
    expect(code).toBe(1);
    expect(lines).toHaveLength(ALL.length + 1);
    expect(lines.at(-1)).toBe(`0 of ${ALL.length} checks passed`);
    return [...new Set(lines.slice(0, -1).map((text) => text.replace(/^✗ (.{19}) {2}/, "")))];
  };

  test("is reported as unreachable, with the reason, where nothing listens", async () => {
    const free = createServer();
    await new Promise<void>((done) => free.listen(0, "127.0.0.1", done));
    const { port } = free.address() as { port: number };
    await new Promise((done) => free.close(done));
    expect(await sentences(`http://127.0.0.1:${port}`)).toEqual([`can't be reached: connect ECONNREFUSED 127.0.0.1:${port}`]);
    expect(await sentences("http://nowhere.invalid")).toEqual([expect.stringMatching(/^can't be reached: .*nowhere\.invalid/)]);
  });

  test("is said to be silent after the time that was given", async () => {
    silent = createServer();
    await new Promise<void>((done) => silent?.listen(0, "127.0.0.1", done));
    const { port } = silent.address() as { port: number };
    expect(await sentences(`http://127.0.0.1:${port} --timeout 0.2`)).toEqual(["gave no complete answer within 0.2 s"]);
  });

  test("is said to be a page where a proxy answers everything with one", async () => {
    tampered.tamper = (_path, answer) => proxyPage(answer, 200);
    const said = await sentences(tampered.url);
    expect(said).toContain('answers HTTP 200 with a page, "Corporate proxy", instead of JSON: is a proxy in front?');
    expect(said.join("\n")).not.toMatch(/\n\s+at |undefined/);
  });

  test.each([
    ["localhost:8000", /"localhost:8000" should be an address that begins with http/],
    ["nonsense", /should be an address like/],
    ["http://user:secret@127.0.0.1:1", /^the address should have no user and password$/],
    ["http://127.0.0.1:1/?x=1", /without \? and #/],
    ["http://127.0.0.1:1 --timeout soon", /--timeout is "soon"/],
    ["http://127.0.0.1:1 --symbol B/C", /"B\/C" is not a symbol/],
    ["http://127.0.0.1:1 --fast", /unknown option/],
  ])("smoke %s is a usage error", async (line, sentence) => {
    const { code, out } = await smoke(line);
    expect(code).toBe(2);
    expect(out).toMatch(sentence);
    expect(out).not.toContain("secret");
  });
});
