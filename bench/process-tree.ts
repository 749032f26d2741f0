import { readdirSync, readFileSync } from "node:fs";
import { clockTicks } from "./clock-ticks.ts";

/** A process below a root, as it was last seen. */
export interface SeenProcess {
  readonly pid: number;
  /** program and arguments, separated by spaces */
  readonly command: string;
  /** of all its threads, and of its children that have ended and whose end it took note of, ms */
  readonly cpuMs: number;
  /** the most memory that it held until then, MB */
  readonly peakMb: number;
  /** when it was first and last seen, ms of `performance.now()` */
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface TreeWatch {
  /** The root and all processes below it that were seen, also those that have ended. */
  seen(): readonly SeenProcess[];
  stop(): void;
}

/** Looks at a process and all that it starts, every `everyMs`. Linux only. A process that lives for a shorter time may be missed. */
export function watchTree(root: number, { everyMs = 200 }: { readonly everyMs?: number } = {}): TreeWatch {
  const seen = new Map<number, SeenProcess>();
  const look = () => {
    for (const pid of [root, ...descendants(root)]) {
      const now = readProcess(pid);
      if (!now) continue;
      const atMs = performance.now();
      const before = seen.get(pid);
      seen.set(pid, { ...now, firstMs: before?.firstMs ?? atMs, lastMs: atMs });
    }
  };
  look();
  const timer = setInterval(look, everyMs);
  return {
    seen: () => [...seen.values()],
    stop() {
      look();
      clearInterval(timer);
    },
  };
}

/** CPU time of children of this process that have ended, with theirs, in ms. */
export function endedChildrenCpuMs(): number {
  const fields = statFields(process.pid);
  return ((Number(fields[13]) + Number(fields[14])) / clockTicks()) * 1000;
}

function readProcess(pid: number): Pick<SeenProcess, "pid" | "command" | "cpuMs" | "peakMb"> | null {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    const kilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
    const ticks = statFields(pid)
      .slice(11, 15)
      .reduce((sum, field) => sum + Number(field), 0);
    // A process that has ended and waits for its parent has neither.
    if (command === "" || Number.isNaN(kilobytes)) return null;
    return { pid, command, cpuMs: (ticks / clockTicks()) * 1000, peakMb: (kilobytes * 1024) / 1e6 };
  } catch {
    return null;
  }
}

/** Fields of a process from its state on; see proc_pid_stat(5): 11 and 12 are its CPU time, 13 and 14 that of its ended children. */
function statFields(pid: number): string[] {
  const line = readFileSync(`/proc/${pid}/stat`, "utf8");
  return line.slice(line.lastIndexOf(")") + 2).split(" ");
}

function descendants(pid: number): number[] {
  const children = childrenOf(pid);
  return [...children, ...children.flatMap(descendants)];
}

/** Processes that a process started and that still run; they are listed by the thread that started them. */
export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) => {
      try {
        return readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" ").filter(Boolean).map(Number);
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}
