import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Identifies a process. A pid is reused after the process ends; pid and start time together are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Its start time, in this system's own format. */
  readonly started: string;
  /** Program and arguments. */
  readonly command: string;
}

/** @returns null if there is no such process */
export function identifyProcess(pid: number): ProcessIdentity | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): ProcessIdentity | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").join(" ").trim();
    return { pid, started: fields[19], command };
  } catch {
    return null;
  }
}

function fromPs(pid: number): ProcessIdentity | null {
  try {
    const [started, command] = ["lstart=", "args="].map((field) =>
      execFileSync("ps", ["-o", field, "-p", String(pid)], { encoding: "utf8" }).trim(),
    );
    return started ? { pid, started, command } : null;
  } catch {
    return null;
  }
}
