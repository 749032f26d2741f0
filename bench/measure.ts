/** Time of a piece of work: medians over repetitions after a warm-up, and what the very first call took. */
export interface Timing {
  /** of all threads of the process, ms */
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly firstCpuMs: number;
  readonly repetitions: number;
}

/** Runs `work` once cold, then at least `least` times and for at least `leastMs`. @returns its last result beside the timing */
export function measure<T>(work: () => T, { least = 5, leastMs = 1_000 } = {}): { result: T; timing: Timing } {
  const first = timed(work);
  const cpu: number[] = [];
  const wall: number[] = [];
  let { result } = first;
  const end = performance.now() + leastMs;
  while (cpu.length < least || performance.now() < end) {
    const run = timed(work);
    cpu.push(run.cpuMs);
    wall.push(run.wallMs);
    result = run.result;
  }
  return { result, timing: { cpuMs: median(cpu), wallMs: median(wall), firstCpuMs: first.cpuMs, repetitions: cpu.length } };
}

function timed<T>(work: () => T): { result: T; cpuMs: number; wallMs: number } {
  const cpu = process.cpuUsage();
  const wall = performance.now();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, cpuMs: (user + system) / 1_000, wallMs: performance.now() - wall };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
