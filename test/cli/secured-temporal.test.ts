import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Service, startService } from "../../dev/processes/service.ts";
import { projectFile } from "../../dev/project-file.ts";
import { type DevServer, startDevServer } from "../../dev/temporal/dev-server.ts";
import { findTemporal } from "../../dev/temporal/find-temporal.ts";
import { freePort } from "../../dev/temporal/ports.ts";
import { SEARCH_ATTRIBUTES } from "../../workflows/contract.ts";
import { createCertificate } from "./certificate.ts";
import { startTlsProxy, type TlsProxy } from "./tls-proxy.ts";

const API_KEY = "k3y-of-the-profile";
const CLOSED = "http://127.0.0.1:1";
const PATIENCE_MS = 90_000;

let folder: string;
let server: DevServer;
let proxy: TlsProxy;
let env: NodeJS.ProcessEnv;
let worker: Service | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "candlecast-tls-"));
  const binary = (await findTemporal()).path;
  server = await startDevServer({ binary, stateDir: folder, port: null, uiPort: null, namespace: "default" });
  const certificate = createCertificate();
  proxy = await startTlsProxy(server.address, certificate);
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, certificate.certificate);
  const profiles = join(folder, "temporal.toml");
  writeFileSync(
    profiles,
    `[profile.cloud]
address = "${proxy.address}"
namespace = "prices"
api_key = "${API_KEY}"
[profile.cloud.tls]
server_name = "localhost"
server_ca_cert_path = ${JSON.stringify(authority)}
`,
  );
  env = {
    PATH: process.env.PATH,
    HOME: folder,
    STATE_DIR: folder,
    SYMBOLS: "HET",
    BINANCE_URL: CLOSED,
    KRAKEN_URL: CLOSED,
    CRYPTOCOMPARE_URL: CLOSED,
    WORKER_HEALTH_ADDRESS: `127.0.0.1:${await freePort()}`,
    TEMPORAL_CONFIG_FILE: profiles,
    TEMPORAL_PROFILE: "cloud",
  };
}, PATIENCE_MS);
afterAll(async () => {
  await worker?.stop({ graceMs: 9_000 });
  await proxy?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(
  file: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; out: string; notes: string }> {
  const child = spawn(process.execPath, [projectFile(file), ...args], { env: { ...env, ...more }, stdio: ["ignore", "pipe", "pipe"] });
  const text = { out: "", notes: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    text.out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text.notes += chunk;
  });
  const code = await new Promise<number | null>((done) => child.once("close", done));
  return { code, ...text };
}

describe("a Temporal server behind TLS, which a profile names with its API key", { timeout: PATIENCE_MS }, () => {
  it("is prepared with all search attributes, and a second time nothing is missing", async () => {
    const first = await run("dev/prepare-temporal.ts", []);
    expect(first).toMatchObject({ code: 0, notes: "" });
    const attributes = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => `created search attribute ${name} (${type})`);
    expect(first.out.trim().split("\n")).toEqual([
      "created namespace prices",
      ...attributes,
      `namespace prices at ${proxy.address} is ready`,
    ]);
    expect((await run("dev/prepare-temporal.ts", [])).out).toBe(`namespace prices at ${proxy.address} is ready; nothing was missing\n`);
  });

  it("is where the worker polls and the commands ask, each with the key", async () => {
    worker = await startService({ name: "worker", entry: projectFile("worker.ts"), env, logFile: join(folder, "worker.log") });
    expect(worker.ready).toMatchObject({ ready: true, queues: ["workflow", "cpu", "sources"] });
    const pipeline = await run("cli/main.ts", ["pipeline", "--as-of", "2016-12-31T12:00:00Z", "--json"]);
    expect(pipeline).toMatchObject({ code: 0 });
    const status = await run("cli/main.ts", ["status", "--json"]);
    expect(JSON.parse(status.out)).toMatchObject({ running: null, runs: [{ status: "completed" }] });
    expect(proxy.requests.map(({ method }) => method)).toEqual(
      expect.arrayContaining(["PollWorkflowTaskQueue", "PollActivityTaskQueue", "StartWorkflowExecution", "ListWorkflowExecutions"]),
    );
    expect(new Set(proxy.requests.map(({ authorization }) => authorization))).toEqual(new Set([`Bearer ${API_KEY}`]));
  });

  it("is shown by doctor, with the worker that is ready and without the key", async () => {
    const { code, out } = await run("cli/main.ts", ["doctor", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).checks).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ subject: "Temporal", ok: true, detail: `${proxy.address}, namespace prices` }),
        expect.objectContaining({ subject: "worker", ok: true, detail: expect.stringContaining("queue candlecast-cpu polled") }),
      ]),
    );
    expect(out).not.toContain(API_KEY);
  });

  it("is refused by name where its certificate is signed by another authority", async () => {
    const other = join(folder, "other.pem");
    writeFileSync(other, createCertificate().certificate);
    const env = { TEMPORAL_TLS_SERVER_CA_CERT_PATH: other, WORKER_HEALTH_ADDRESS: "" };
    for (const [file, args] of [
      ["cli/main.ts", ["status"]],
      ["dev/prepare-temporal.ts", ["--wait", "0"]],
      ["worker.ts", ["--queues", "sources"]],
    ] as const) {
      const { code, notes } = await run(file, args, env);
      expect({ file, code, notes }).toMatchObject({
        code: 1,
        notes: expect.stringContaining(`Temporal can't be reached at ${proxy.address}`),
      });
    }
  });
});
