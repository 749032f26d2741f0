import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { endProcess } from "./end-process.ts";

export interface ServiceOptions {
  /** For messages: `worker`, `API`. */
  readonly name: string;
  /** The `.ts` file that Node runs. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Its output is appended here. */
  readonly logFile: string;
  readonly readyWithinMs?: number;
}

export interface Service {
  readonly pid: number;
  /** The content of its line `{"ready":true, …}`. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Settles with a description when it has ended. */
  readonly exited: Promise<string>;
  stop(options: { graceMs: number }): Promise<void>;
}

const KEPT_CHARACTERS = 4_000;
const GUARD = fileURLToPath(new URL("./end-with-parent.ts", import.meta.url));

/**
 * Starts one of the project's processes with the current Node and waits for its line `{"ready":true}`. It has a process
 * group of its own: on Ctrl-C, the process that started it decides in which order things stop.
 *
 * @throws {Error} with its last error message, if it ends before it is ready or isn't ready in time
 */
export function startService({ name, entry, env, logFile, readyWithinMs = 60_000 }: ServiceOptions): Promise<Service> {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: "a" });
  const child = spawn(process.execPath, ["--import", GUARD, entry], { env, detached: true, stdio: ["ignore", "pipe", "pipe", "ipc"] });
  const { stdout, stderr } = child as ChildProcessByStdio<null, Readable, Readable>;
  let errorOutput = "";
  const exited = new Promise<string>((done) => {
    child.once("error", (error) => done(`can't be run: ${error.message}`));
    child.once("close", (code, signal) => {
      log.end();
      done(signal ? `ended with ${signal}` : `ended with code ${code}${errorLine(errorOutput)}`);
    });
  });
  stderr.on("data", (chunk: Buffer) => {
    log.write(chunk);
    errorOutput = `${errorOutput}${chunk.toString("utf8")}`.slice(-KEPT_CHARACTERS);
  });
  const stop = async ({ graceMs }: { graceMs: number }) => {
    if (child.pid !== undefined) await endProcess(child.pid, { graceMs, gone: exited });
  };
  return new Promise<Service>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the ${name} is not ready after ${readyWithinMs / 1000} s; its log is ${logFile}`));
      void stop({ graceMs: 0 });
    }, readyWithinMs);
    void exited.then((how) => {
      clearTimeout(timer);
      reject(new Error(`the ${name} ${how}; its log is ${logFile}`));
    });
    createInterface({ input: stdout }).on("line", (line) => {
      log.write(`${line}\n`);
      const ready = parseReady(line);
      if (!ready) return;
      clearTimeout(timer);
      resolve({ pid: child.pid as number, ready, exited, stop });
    });
  });
}

function parseReady(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    const value = JSON.parse(line) as Record<string, unknown>;
    return value.ready === true ? value : null;
  } catch {
    return null;
  }
}

/** The last line that says what went wrong, rather than where or in which Node. */
function errorLine(errorOutput: string): string {
  const lines = errorOutput
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line && !/^at |^Node\.js v|^\^+$/.test(line));
  const line = lines.findLast((candidate) => /error|^\w+: /i.test(candidate)) ?? lines.at(-1);
  return line ? `: ${line.slice(0, 300)}` : "";
}
