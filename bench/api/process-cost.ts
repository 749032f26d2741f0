import { readFileSync } from "node:fs";
import { clockTicks } from "../clock-ticks.ts";

/** CPU time of a process so far, of all threads, without its children, in ms. Linux only. */
export function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return ((Number(fields[11]) + Number(fields[12])) / clockTicks()) * 1000;
}

/** Memory that a process holds now, in MB. */
export function memoryMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
}
