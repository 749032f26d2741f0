import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { median } from "./measure.ts";

/** A program that speaks the protocol of bench/ours/serve.ts. */
export interface Contestant {
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
  /** what the program says after its last repetition */
  readonly said: Record<string, unknown>;
}

export interface Length {
  /** repetitions before the ones that count; compilers are done after some */
  readonly warmUps: number;
  readonly least: number;
  /** more repetitions until all took so long together */
  readonly leastMs: number;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const ONE_THREAD = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };

/**
 * Lets programs do the same work in turns (a, b, a, b …), so that a busy machine slows them all; each lives on between its
 * turns. Libraries that start threads of their own are held to one.
 */
export async function hold(contestants: readonly Contestant[], { warmUps, least, leastMs }: Length): Promise<Outcome[]> {
  const programs = contestants.map((contestant) => new Program(contestant));
  try {
    for (const program of programs) await program.ask(null);
    const runs = programs.map(() => [] as { cpuMs: number; wallMs: number }[]);
    let spent = 0;
    for (let round = 0; round < 1 + warmUps + least || spent < leastMs; round++) {
      for (const [i, program] of programs.entries()) {
        const run = await program.ask<{ cpuMs: number; wallMs: number }>("run");
        runs[i].push(run);
        if (round > warmUps) spent += run.wallMs;
      }
    }
    const outcomes = [];
    for (const [i, program] of programs.entries()) {
      const counted = runs[i].slice(1 + warmUps);
      const said = await program.ask<Record<string, unknown>>("end");
      outcomes.push({
        who: program.who,
        cpuMs: median(counted.map(({ cpuMs }) => cpuMs)),
        wallMs: median(counted.map(({ wallMs }) => wallMs)),
        firstWallMs: runs[i][0].wallMs,
        repetitions: counted.length,
        said,
      });
    }
    return outcomes;
  } finally {
    for (const program of programs) program.stop();
  }
}

class Program {
  readonly who: string;
  readonly #child: ChildProcess;
  readonly #answers: string[] = [];
  #wake: () => void = () => {};
  #rest = "";
  #ended = false;

  constructor({ who, command: [file, ...args] }: Contestant) {
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

  /** @returns the next line that it answers with; `question` null: what it says by itself */
  async ask<T>(question: string | null): Promise<T> {
    if (question !== null) this.#child.stdin?.write(`${question}\n`);
    while (this.#answers.length === 0) {
      if (this.#ended) throw new Error(`${this.who} ended before it answered; what it said is above`);
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    return JSON.parse(this.#answers.shift() as string) as T;
  }

  stop(): void {
    if (!this.#ended) this.#child.kill();
    // A helper of a contestant's may hold the other end of the pipe for longer.
    this.#child.stdout?.destroy();
  }
}
