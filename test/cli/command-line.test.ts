import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Output } from "../../cli/command.ts";
import { pipelineInput } from "../../cli/commands/pipeline.ts";
import { COMMANDS, loadCommand } from "../../cli/commands.ts";
import { runProgramLine } from "../../cli/program.ts";
import { freshnessOf } from "../../cli/runs/freshness.ts";
import { pipelineExitCode } from "../../cli/runs/run-summary.ts";
import { shownSettings } from "../../cli/runs/shown-settings.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { sampleManifest } from "./sample-manifest.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "candlecast-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(line: string, env: NodeJS.ProcessEnv = {}): Promise<{ code: number; out: string; notes: string }> {
  const out: string[] = [];
  const notes: string[] = [];
  const output: Output = { out: (text) => out.push(text), note: (text) => notes.push(text), terminal: null };
  const argv = line.split(" ").filter(Boolean);
  const options = {
    commands: COMMANDS,
    version: "0.0.0",
    env: { STATE_DIR: folder, HOME: folder, ...env },
    output,
    signal: new AbortController().signal,
  };
  return { code: await runProgramLine(argv, options), out: out.join("\n"), notes: notes.join("\n") };
}

describe("command line", () => {
  it("shows help for every command, with its options and --json", async () => {
    for (const entry of COMMANDS) {
      const { name, options } = await loadCommand(entry);
      const { code, out } = await run(`${name} --help`);
      expect(code).toBe(0);
      for (const { flags } of options) expect(out).toContain(flags);
      expect(out).toContain("--json");
    }
  });

  it("lists every command with its summary, and loads none of them for that", async () => {
    const loaded: string[] = [];
    const commands = COMMANDS.map((entry) => ({
      ...entry,
      load: () => {
        loaded.push(entry.name);
        return entry.load();
      },
    }));
    const lines: string[] = [];
    const output: Output = { out: (text) => lines.push(text), note: () => {}, terminal: null };
    const options = { commands, version: "0.0.0", env: {}, output, signal: new AbortController().signal };
    expect(await runProgramLine(["--help"], options)).toBe(0);
    const shown = lines.join("\n").replace(/\s+/g, " ");
    for (const { name, summary } of COMMANDS) {
      expect(shown).toContain(` ${name} `);
      expect(shown).toContain(summary);
    }
    expect(loaded).toEqual([]);
    expect(await runProgramLine(["status", "--help"], options)).toBe(0);
    expect(loaded).toEqual(["status"]);
  });

  it.each(["nope", "pipeline --nope", "schedule", "schedule explode", "replay"])("refuses %j with 2", async (line) => {
    const { code, notes } = await run(line);
    expect(code).toBe(2);
    expect(notes).not.toBe("");
  });

  it("refuses what a workflow would refuse, before it starts anything", async () => {
    expect(await run("pipeline --interval 7d")).toMatchObject({ code: 2, notes: 'interval is "7d", but should be one of 1d, 1h, 1m' });
    expect((await run("pipeline --horizon soon")).notes).toContain('horizon is "soon"');
    expect((await run("backfill --symbols BTC --from 2020-01-01 --to 2019-01-01")).code).toBe(2);
    expect((await run("status --runs 0")).code).toBe(2);
  });

  it("reports every wrong setting at once, also as JSON", async () => {
    const { code, out } = await run("status --json", { PORT: "many", HORIZON: "-1" });
    expect(code).toBe(1);
    expect(JSON.parse(out).error).toMatchObject({
      name: "InvalidInput",
      message: expect.stringMatching(/PORT[\s\S]*HORIZON|HORIZON[\s\S]*PORT/),
    });
  });

  it("passes on the given options, and nothing else", () => {
    expect(pipelineInput({ symbols: "btc, ETH", asOf: "2020-12-31", horizon: "3" })).toEqual({
      symbols: ["BTC", "ETH"],
      asOf: "2020-12-31",
      horizon: 3,
      trigger: "manual",
    });
    expect(pipelineInput({})).toEqual({ trigger: "manual" });
  });

  it("starts through bin.mjs, whatever Node this machine has", () => {
    const bin = resolve(import.meta.dirname, "../../cli/bin.mjs");
    const { status, stdout } = spawnSync("node", [bin, "--help"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: candlecast");
    expect(spawnSync("node", [bin, "nope"]).status).toBe(2);
  });
});

describe("doctor", () => {
  it("shows settings and checks, and no secret", async () => {
    const closed = "http://user:hunter2@127.0.0.1:1";
    const { code, out, notes } = await run("doctor --json", {
      CRYPTOCOMPARE_API_KEY: "hunter2",
      BINANCE_URL: closed,
      KRAKEN_URL: closed,
      CRYPTOCOMPARE_URL: closed,
      PORT: "1",
    });
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.settings).toMatchObject({ STATE_DIR: folder, CRYPTOCOMPARE_API_KEY: "***", BINANCE_URL: "http://***@127.0.0.1:1" });
    expect(report.checks).toContainEqual(expect.objectContaining({ subject: "binance", ok: false, needed: false }));
    expect(out + notes).not.toContain("hunter2");
  });

  it("exits with 1 if the configured Temporal server can't be reached", async () => {
    const closed = "http://127.0.0.1:1";
    const env = { TEMPORAL_ADDRESS: "127.0.0.1:1", BINANCE_URL: closed, KRAKEN_URL: closed, CRYPTOCOMPARE_URL: closed, PORT: "1" };
    const { code, out } = await run("doctor --json", env);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ healthy: false });
  });
});

describe("shown settings", () => {
  it("have a value for every variable", () => {
    const shown = shownSettings(parseSettings({ S3_ENDPOINT: "http://127.0.0.1:9000", SYMBOLS: "BTC,HET" }));
    expect(shown).toMatchObject({ S3_ENDPOINT: "http://127.0.0.1:9000", SYMBOLS: "BTC,HET", AS_OF: "(not set)", PORT: "8000" });
  });

  it("hide keys, and the passwords in addresses", () => {
    const env = {
      CRYPTOCOMPARE_API_KEY: "s3cr3t",
      OTEL_EXPORTER_OTLP_HEADERS: "key=s3cr3t",
      BINANCE_URL: "http://me:s3cr3t@host/",
      TEMPORAL_UI_URL: "https://host/?token=s3cr3t",
    };
    const shown = shownSettings(parseSettings(env));
    expect(JSON.stringify(shown)).not.toContain("s3cr3t");
    expect(shown).toMatchObject({ CRYPTOCOMPARE_API_KEY: "***", BINANCE_URL: "http://***@host" });
  });
});

describe("exit code of a pipeline run", () => {
  const ok = { status: "ok" } as never;
  const manifest = { version: "1", key: "manifests/1.json", published: false };

  it("is 0 only if there is a manifest and every symbol succeeded", () => {
    expect(pipelineExitCode({ manifest, symbols: [ok] })).toBe(0);
    expect(pipelineExitCode({ manifest: null, symbols: [ok] })).toBe(1);
    expect(pipelineExitCode({ manifest, symbols: [ok, { status: "failed" } as never] })).toBe(1);
  });
});

describe("freshness", () => {
  it("counts the closed candles that a symbol is behind", () => {
    const manifest = sampleManifest({ createdAt: "2020-12-31T12:00:00.000Z", lastOpenTime: "2020-12-30T00:00:00.000Z" });
    const at = (time: string) => freshnessOf(manifest, Date.parse(time));
    expect(at("2020-12-31T13:00:00Z")).toMatchObject({ manifest: { ageMs: 3_600_000 }, symbols: [{ symbol: "BTC", behind: 0 }] });
    expect(at("2021-01-02T01:00:00Z").symbols[0].behind).toBe(2);
    expect(freshnessOf(null, 0)).toEqual({ manifest: null, symbols: [] });
  });
});
