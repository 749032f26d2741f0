import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg } from "node:os";
import { projectFile } from "../dev/project-file.ts";

/** Cores, processor, platform and Node: the first words of every benchmark. */
export function describeMachine(): string {
  return `${availableParallelism()} cores (${cpus()[0].model}), ${process.platform} ${process.arch}; Node ${process.version}`;
}

/** How many processes of others and of this one want a core now: wall times are worth less the more there are. */
export function describeLoad(): string {
  return `load ${loadavg()[0].toFixed(1)} at the start`;
}

/** The commit that is measured; "with changes" where files differ from it; null outside of a repository. */
export function describeCommit(): string | null {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: projectFile("."), stdio: ["ignore", "pipe", "ignore"] }).toString();
  try {
    const commit = git("rev-parse", "--short=9", "HEAD").trim();
    return git("status", "--porcelain", "--untracked-files=no").trim() === "" ? commit : `${commit} with changes`;
  } catch {
    return null;
  }
}
