import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identifyProcess } from "../../dev/processes/process-identity.ts";
import type { RunFile } from "../../dev/processes/run-file.ts";
import { freePort } from "../../dev/temporal/ports.ts";

const MAIN = resolve(import.meta.dirname, "../../cli/main.ts");
const CLOSED = "http://127.0.0.1:1";
const PATIENCE_MS = 90_000;

let stateDir: string;
let env: NodeJS.ProcessEnv;
const started: ChildProcess[] = [];

beforeAll(async () => {
  stateDir = mkdtempSync(join(tmpdir(), "candlecast-up-"));
  const own = {
    STATE_DIR: stateDir,
    SYMBOLS: "HET",
    AS_OF: "2016-12-31T12:00:00Z",
    BINANCE_URL: CLOSED,
    KRAKEN_URL: CLOSED,
    CRYPTOCOMPARE_URL: CLOSED,
  };
  const ports = { TEMPORAL_PORT: String(await freePort()), TEMPORAL_UI_PORT: String(await freePort()), PORT: String(await freePort()) };
  const { TEMPORAL_ADDRESS: _, CRYPTOCOMPARE_API_KEY: __, STORE_URL: ___, ...inherited } = process.env;
  env = { ...inherited, ...own, ...ports };
});
afterAll(() => {
  for (const child of started) child.kill("SIGKILL");
  rmSync(stateDir, { recursive: true, force: true });
});

interface Line {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  ended: Promise<number | null>;
}

function candlecast(...args: string[]): Line {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return { child, stdout: () => stdout, stderr: () => stderr, ended: new Promise((done) => child.once("close", (code) => done(code))) };
}

async function until(what: string, { stderr, stdout }: Line, holds: () => boolean): Promise<void> {
  const endMs = Date.now() + PATIENCE_MS;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error(`no ${what}: ${stdout()}${stderr()}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

describe("up", () => {
  it("starts everything, runs the pipeline, serves its result, and ends everything after SIGTERM", {
    timeout: 2 * PATIENCE_MS,
  }, async () => {
    const up = candlecast("up", "--json");
    await until("settled start", up, () => up.stderr().includes("everything is running"));
    const [links, report] = up
      .stdout()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(report).toMatchObject({ manifest: { published: true }, symbols: [{ symbol: "HET", status: "ok", simulated: true }] });
    expect(report.symbols[0].models).toHaveLength(6);
    expect(links).toMatchObject({ api: `http://127.0.0.1:${env.PORT}`, temporalUi: `http://127.0.0.1:${env.TEMPORAL_UI_PORT}` });
    expect((await fetch(`${links.api}/live`)).status).toBe(200);
    const { lineage } = (await (await fetch(`${links.api}/symbol/HET`)).json()) as { lineage: { workflow: { url: string; id: string } } };
    expect(lineage.workflow.url).toContain(`${links.temporalUi}/namespaces/default/workflows/${encodeURIComponent(lineage.workflow.id)}/`);
    expect(report.runUrl).toBe(`${links.temporalUi}/namespaces/default/workflows/${encodeURIComponent(lineage.workflow.id)}`);
    expect((await fetch(links.temporalUi)).status).toBe(200);

    const second = candlecast("up");
    expect(await second.ended).toBe(0);
    expect(second.stdout()).toMatch(/already running[\s\S]*API +http/);

    const again = candlecast("pipeline", "--as-of", "2016-12-31T12:00:00Z", "--json");
    expect(await again.ended).toBe(0);
    expect(JSON.parse(again.stdout())).toMatchObject({ manifest: { version: report.manifest.version, published: false } });

    const status = candlecast("status", "--json");
    expect(await status.ended).toBe(0);
    expect(JSON.parse(status.stdout())).toMatchObject({
      running: { api: links.api },
      manifest: { version: report.manifest.version },
      schedule: { paused: false, cron: ["10 0 * * *"] },
    });

    const replay = candlecast("replay", report.workflowId, "--json");
    expect(await replay.ended).toBe(0);
    expect(JSON.parse(replay.stdout())).toMatchObject({ deterministic: true });

    const { children } = JSON.parse(readFileSync(join(stateDir, "run.json"), "utf8")) as RunFile;
    expect(Object.keys(children).sort()).toEqual(["API", "temporal", "worker"]);
    const stopMs = Date.now();
    up.child.kill("SIGTERM");
    expect(await up.ended).toBe(0);
    expect(Date.now() - stopMs).toBeLessThan(10_000);
    for (const { pid } of Object.values(children)) expect(identifyProcess(pid)).toBeNull();
    expect(existsSync(join(stateDir, "run.json"))).toBe(false);
  });

  it("keeps its state: a later command finds nothing running and starts a server with that state", { timeout: PATIENCE_MS }, async () => {
    const status = candlecast("status", "--json");
    expect(await status.ended, status.stderr()).toBe(0);
    const { running, runs } = JSON.parse(status.stdout()) as { running: unknown; runs: { status: string }[] };
    expect(running).toBeNull();
    expect(runs.map((run) => run.status)).toEqual(["completed", "completed"]);
  });
});
