import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endProcess } from "../../dev/processes/end-process.ts";
import { identifyProcess } from "../../dev/processes/process-identity.ts";
import { claimStateDir, readRunFile } from "../../dev/processes/run-file.ts";
import { startService } from "../../dev/processes/service.ts";
import { supervise } from "../../dev/processes/supervise.ts";

const NOW = new Date("2020-12-31T12:00:00Z");
let folder: string;
let children: ChildProcess[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "candlecast-processes-"));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function sleeper(): Promise<number> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  return new Promise((done) => child.stdout?.once("data", () => done(child.pid as number)));
}

describe("run file", () => {
  it("belongs to one live process at a time, and shows what that runs", async () => {
    const first = await claimStateDir(folder, "up", NOW);
    if (!("claim" in first)) throw new Error("the first claim was refused");
    first.claim.update({ address: "127.0.0.1:7233", apiUrl: "http://127.0.0.1:8000" });
    const second = await claimStateDir(folder, "temporary", NOW);
    expect(second).toMatchObject({ taken: { kind: "up", owner: { pid: process.pid }, address: "127.0.0.1:7233" } });
    first.claim.release();
    expect(readRunFile(folder)).toBeNull();
    expect("claim" in (await claimStateDir(folder, "temporary", NOW))).toBe(true);
  });

  it("of a dead owner is ignored, and the processes it left running are ended", async () => {
    const left = await sleeper();
    const identity = identifyProcess(left);
    const dead = { pid: 2 ** 22 + 1, started: "1", command: "gone" };
    writeFileSync(
      join(folder, "run.json"),
      JSON.stringify({ kind: "up", owner: dead, address: "127.0.0.1:1", namespace: "default", children: { temporal: identity } }),
    );
    expect(readRunFile(folder)).toBeNull();
    expect("claim" in (await claimStateDir(folder, "up", NOW))).toBe(true);
    expect(identifyProcess(left)).toBeNull();
  });

  it("leaves alone a process that only reuses the pid of one that was left running", async () => {
    const stranger = await sleeper();
    const identity = { ...identifyProcess(stranger), started: "1" };
    writeFileSync(
      join(folder, "run.json"),
      JSON.stringify({ kind: "up", owner: { pid: process.pid, started: "1", command: "" }, children: { temporal: identity } }),
    );
    await claimStateDir(folder, "up", NOW);
    expect(identifyProcess(stranger)).not.toBeNull();
  });

  it("that isn't JSON is replaced", async () => {
    writeFileSync(join(folder, "run.json"), "{ half");
    expect("claim" in (await claimStateDir(folder, "up", NOW))).toBe(true);
    expect(readRunFile(folder)?.owner.pid).toBe(process.pid);
  });
});

describe("ending a process", () => {
  it("that ignores SIGTERM takes no longer than its grace period", async () => {
    const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    children.push(child);
    await new Promise((done) => child.stdout?.once("data", done));
    const startedMs = Date.now();
    await endProcess(child.pid as number, { graceMs: 300 });
    expect(Date.now() - startedMs).toBeLessThan(2_500);
    expect(identifyProcess(child.pid as number)).toBeNull();
  });
});

describe("a service", () => {
  const ready = 'console.log(JSON.stringify({ ready: true, url: "http://x" })); setInterval(() => {}, 1000);\n';

  it("is ready when it prints so, and its log has all its output", async () => {
    const logFile = join(folder, "service.log");
    const service = await startService({
      name: "service",
      entry: script("ok.ts", `console.error("warming up");\n${ready}`),
      env: process.env,
      logFile,
    });
    expect(service.ready).toEqual({ ready: true, url: "http://x" });
    await service.stop({ graceMs: 2_000 });
    expect(await service.exited).toBe("ended with SIGTERM");
    expect(readFileSync(logFile, "utf8")).toMatch(/warming up/);
  });

  it("that ends before it is ready fails with its error message, without a stack", async () => {
    const entry = script("bad.ts", 'throw new Error("PORT 8000 is taken");\n');
    const failure = startService({ name: "API", entry, env: process.env, logFile: join(folder, "bad.log") });
    await expect(failure).rejects.toThrow(/the API ended with code 1: Error: PORT 8000 is taken; its log is/);
  });

  it("ends when the process that started it is killed", async () => {
    const pidFile = join(folder, "pid");
    const entry = script(
      "ok.ts",
      `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(pidFile)}, String(process.pid));\n${ready}`,
    );
    const serviceModule = join(import.meta.dirname, "../../dev/processes/service.ts");
    const parentFile = script(
      "parent.ts",
      `const { startService } = await import(${JSON.stringify(serviceModule)});
await startService({ name: "s", entry: ${JSON.stringify(entry)}, env: process.env, logFile: ${JSON.stringify(join(folder, "s.log"))} });
console.log("started"); setInterval(() => {}, 1000);\n`,
    );
    const parent = spawn(process.execPath, [parentFile], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(parent);
    await new Promise((done) => parent.stdout?.once("data", done));
    const pid = Number(readFileSync(pidFile, "utf8"));
    expect(identifyProcess(pid)).not.toBeNull();
    parent.kill("SIGKILL");
    for (let i = 0; i < 100 && identifyProcess(pid); i++) await new Promise((done) => setTimeout(done, 50));
    expect(identifyProcess(pid)).toBeNull();
  });
});

describe("supervision", () => {
  it("notes that something ended and restarts it, but not after it was stopped", async () => {
    const notes: string[] = [];
    const pids: (number | null)[] = [];
    const entry = script("ok.ts", "console.log(JSON.stringify({ ready: true })); setInterval(() => {}, 1000);\n");
    const supervised = await supervise({
      name: "worker",
      start: () => startService({ name: "worker", entry, env: process.env, logFile: join(folder, "w.log") }),
      stop: (service) => service.stop({ graceMs: 2_000 }),
      onNote: (note) => notes.push(note),
      onPid: (pid) => pids.push(pid),
    });
    const first = supervised.current.pid;
    process.kill(first, "SIGKILL");
    for (let i = 0; i < 100 && notes.length < 2; i++) await new Promise((done) => setTimeout(done, 100));
    expect(notes).toEqual(["the worker ended with SIGKILL; restarting it", "the worker is running again"]);
    const second = supervised.current.pid;
    expect(pids).toEqual([first, null, second]);
    await supervised.stop();
    expect(identifyProcess(second)).toBeNull();
    expect(notes).toHaveLength(2);
    expect(existsSync(join(folder, "w.log"))).toBe(true);
  });
});
