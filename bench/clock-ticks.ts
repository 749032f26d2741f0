import { execFileSync } from "node:child_process";

let ticks: number | null = null;

/** Ticks of the system's clock in a second: the unit of CPU time in /proc. */
export function clockTicks(): number {
  ticks ??= Number(execFileSync("getconf", ["CLK_TCK"]).toString());
  return ticks;
}
