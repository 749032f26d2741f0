import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

/** A process of its own whose output goes to a file, and which can be killed. */
export interface Killable {
  readonly pid: number;
  /** The first line that says that it is ready, parsed; rejects where the process ends before. */
  readonly ready: Promise<Record<string, unknown>>;
  /** Settles with the signal or the code that it ended with. */
  readonly exited: Promise<string>;
  readonly hasExited: () => boolean;
  kill(signal: NodeJS.Signals): Promise<void>;
}

export function startKillable(args: readonly string[], { env, logFile }: { env: NodeJS.ProcessEnv; logFile: string }): Killable {
  const child: ChildProcess = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const log = createWriteStream(logFile, { flags: "a" });
  child.stderr?.pipe(log, { end: false });
  const exited = new Promise<string>((done) => child.once("close", (code, signal) => log.end(() => done(signal ?? `code ${code}`))));
  const ready = new Promise<Record<string, unknown>>((done, fail) => {
    createInterface({ input: child.stdout as NonNullable<typeof child.stdout> }).on("line", (line) => {
      log.write(`${line}\n`);
      if (line.startsWith('{"ready":true')) done(JSON.parse(line));
    });
    void exited.then((how) => fail(new Error(`${args.at(-1)} ended with ${how} before it was ready; see ${logFile}`)));
  });
  ready.catch(() => {});
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  return {
    pid: child.pid as number,
    ready,
    exited,
    hasExited,
    async kill(signal) {
      if (!hasExited()) child.kill(signal);
      await exited;
    },
  };
}
