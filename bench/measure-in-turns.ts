import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./measure.ts";

/** A program that speaks the protocol of bench/ours/serve.ts. */
export interface Program {
  readonly who: string;
  readonly command: readonly string[];
}

export interface Timing {
  /** of all threads and processes, median, ms */
  readonly cpuMs: number;
  /** median, ms */
  readonly wallMs: number;
  /** of the very first, cold call, ms */
  readonly firstWallMs: number;
  readonly repetitions: number;
}

export interface Outcome extends Timing {
  readonly who: string;
  /** the program's answer after its last repetition */
  readonly answer: Record<string, unknown>;
}

export interface Length {
  /** repetitions before those that count, until compilers are done */
  readonly warmUps: number;
  readonly least: number;
  /** repetitions go on until all programs together have taken this long */
  readonly leastMs: number;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/**
 * Lets programs do the same work in turns (a, b, a, b …), so that a busy machine slows all of them down. Each program stays
 * alive between its turns. Libraries that start threads of their own are limited to one.
 */
export async function measureInTurns(programs: readonly Program[], { warmUps, least, leastMs }: Length): Promise<Outcome[]> {
  const running = programs.map((program) => new RunningProgram(program));
  try {
    for (const program of running) await program.ask(null);
    const runs = running.map(() => [] as { cpuMs: number; wallMs: number }[]);
    let spent = 0;
    for (let round = 0; round < 1 + warmUps + least || spent < leastMs; round++) {
      for (const [i, program] of running.entries()) {
        const run = await program.ask<{ cpuMs: number; wallMs: number }>("run");
        runs[i].push(run);
        if (round > warmUps) spent += run.wallMs;
      }
    }
    const outcomes = [];
    for (const [i, program] of running.entries()) {
      const counted = runs[i].slice(1 + warmUps);
      const answer = await program.ask<Record<string, unknown>>("end");
      outcomes.push({
        who: program.who,
        cpuMs: median(counted.map(({ cpuMs }) => cpuMs)),
        wallMs: median(counted.map(({ wallMs }) => wallMs)),
        firstWallMs: runs[i][0].wallMs,
        repetitions: counted.length,
        answer,
      });
    }
    return outcomes;
  } finally {
    for (const program of running) program.stop();
  }
}

class RunningProgram {
  readonly who: string;
  readonly #child: ChildProcess;
  readonly #answers: string[] = [];
  #wake: () => void = () => {};
  #rest = "";
  #ended = false;

  constructor({ who, command: [file, ...args] }: Program) {
    this.who = who;
    this.#child = spawn(file, args, { cwd: ROOT, env: { ...process.env, ...ONE_THREAD }, stdio: ["pipe", "pipe", "inherit"] });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (this.#rest + text).split("\n");
      this.#rest = lines.pop() ?? "";
      this.#answers.push(...lines);
      this.#wake();
    });
    this.#child.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** @returns the next line that it writes; with `question` null, without being asked */
  async ask<T>(question: string | null): Promise<T> {
    if (question !== null) this.#child.stdin?.write(`${question}\n`);
    while (this.#answers.length === 0) {
      if (this.#ended) throw new Error(`${this.who} ended before it answered; see its output above`);
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return JSON.parse(this.#answers.shift() as string) as T;
  }

  stop(): void {
    if (!this.#ended) this.#child.kill();
    // A child process of the program may keep the other end of the pipe open for longer.
    this.#child.stdout?.destroy();
  }
}
