import { execFileSync } from "node:child_process";

/** Does some work while this process and all that it starts have one core only. @returns null where taskset is not there */
export async function onOneCore<T>(work: () => Promise<T>): Promise<T | null> {
  const before = affinity();
  if (before === null) return null;
  setAffinity(before.split(/[,-]/)[0]);
  try {
    return await work();
  } finally {
    setAffinity(before);
  }
}

/** Cores of this process, as `0-1` or `0,2`. */
function affinity(): string | null {
  try {
    const text = execFileSync("taskset", ["-cp", String(process.pid)], { encoding: "utf8" });
    return text.slice(text.lastIndexOf(":") + 1).trim();
  } catch {
    return null;
  }
}

function setAffinity(cores: string): void {
  execFileSync("taskset", ["-acp", cores, String(process.pid)], { stdio: "ignore" });
}
