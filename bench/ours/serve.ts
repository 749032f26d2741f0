import { createInterface } from "node:readline";

export interface Served {
  /** what is timed */
  readonly work: () => unknown;
  /** how often a repetition does the work; times are of one */
  readonly times?: number;
  /** the outcome, asked for after the last repetition */
  readonly finish?: () => unknown;
  readonly close?: () => Promise<void>;
}

/**
 * Candlecast's side of a measurement in turns (bench/measure-in-turns.ts): for each line `run` it does the work and answers
 * with the times of all threads of the process; for the line `end` it answers with the outcome and stops.
 */
export async function serve({ work, times = 1, finish = () => ({}), close }: Served): Promise<void> {
  answer({ ready: true });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === "end") {
      answer((await finish()) ?? {});
      break;
    }
    const cpu = process.cpuUsage();
    const wall = performance.now();
    for (let i = 0; i < times; i++) await work();
    const wallMs = (performance.now() - wall) / times;
    const { user, system } = process.cpuUsage(cpu);
    answer({ cpuMs: (user + system) / 1_000 / times, wallMs });
  }
  await close?.();
  process.stdin.destroy();
}

function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
