import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pause } from "../dev/processes/pause.ts";
import { childrenOf, type SeenProcess, watchTree } from "./process-tree.ts";

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** how often its processes are looked at */
  readonly everyMs?: number;
}

/** A line of a program's standard output or error, and when it came, in ms since the program was started. */
export interface TimedLine {
  readonly text: string;
  readonly atMs: number;
  readonly isError: boolean;
}

/** How long a program may take to end after it was asked to. */
const GRACE_MS = 15_000;

const running = new Set<StartedProgram>();
let isWatchingOurEnd = false;

/**
 * Groups of their own don't see this process' Ctrl-C, so they are asked to end when it ends, however that comes; with them whatever
 * else it started and has not ended.
 */
function endWithUs(): void {
  if (isWatchingOurEnd) return;
  isWatchingOurEnd = true;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
  process.once("exit", () => {
    for (const program of running) program.interrupt();
    for (const pid of childrenOf(process.pid)) process.kill(pid, "SIGTERM");
  });
}

/** A program in a process group of its own, as a shell starts it, with the time of each line that it writes. */
export class StartedProgram {
  readonly startedMs: number = performance.now();
  readonly lines: TimedLine[] = [];
  /** when it ended, in ms since its start; null while it runs */
  endedMs: number | null = null;
  readonly #child: ChildProcess;
  readonly #watch: ReturnType<typeof watchTree>;
  readonly #exited: Promise<void>;

  constructor(file: string, args: readonly string[], { cwd, env, everyMs }: ProgramOptions) {
    endWithUs();
    this.#child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    if (this.#child.pid === undefined) throw new Error(`${file} can't be started`);
    running.add(this);
    this.#watch = watchTree(this.#child.pid, { everyMs });
    this.#read(this.#child.stdout, false);
    this.#read(this.#child.stderr, true);
    this.#child.once("exit", () => {
      this.endedMs = performance.now() - this.startedMs;
      running.delete(this);
    });
    // After its output has been read to its end.
    this.#exited = new Promise((done) => this.#child.once("close", () => done()));
  }

  #read(stream: Readable | null, isError: boolean): void {
    if (!stream) return;
    createInterface({ input: stream }).on("line", (text) => {
      this.lines.push({ text, atMs: performance.now() - this.startedMs, isError });
    });
  }

  /** What it wrote to its standard output. */
  get output(): string {
    return this.lines
      .filter(({ isError }) => !isError)
      .map(({ text }) => text)
      .join("\n");
  }

  /** The program's own processes and those that it started. */
  get processes(): readonly SeenProcess[] {
    return this.#watch.seen();
  }

  get code(): number | null {
    return this.#child.exitCode;
  }

  /**
   * Waits for a line.
   *
   * @returns the first one that is so
   * @throws {Error} with the program's last lines, if it ends before, or takes longer
   */
  async line(what: string, isIt: (text: string) => boolean, withinMs: number): Promise<TimedLine> {
    for (;;) {
      const found = this.lines.find(({ text }) => isIt(text));
      if (found) return found;
      if (this.endedMs !== null) throw new Error(`it ended before ${what}: ${this.lastLines()}`);
      if (performance.now() - this.startedMs > withinMs) throw new Error(`no ${what} within ${withinMs / 1000} s: ${this.lastLines()}`);
      await pause(2);
    }
  }

  /** Waits for its end. */
  async ended(): Promise<void> {
    await this.#exited;
    this.#watch.stop();
  }

  /** Asks the group to end, as Ctrl-C does. */
  interrupt(): void {
    this.#signal("SIGINT");
  }

  /** Asks the group to end, and kills what is left of it. */
  async end(): Promise<void> {
    this.interrupt();
    await Promise.race([this.#exited, pause(GRACE_MS)]);
    this.#signal("SIGKILL");
    await this.ended();
  }

  lastLines(): string {
    return this.lines
      .slice(-5)
      .map(({ text }) => text)
      .join(" / ");
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-(this.#child.pid as number), signal);
    } catch {
      // gone already
    }
  }
}
