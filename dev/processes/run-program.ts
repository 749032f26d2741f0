import { spawn } from "node:child_process";

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs: number;
  readonly cwd?: string;
}

/**
 * Runs a program and waits for it.
 *
 * @returns what it wrote to stdout
 * @throws {Error} naming the program and the last line of its error output, if it isn't found, fails or takes too long
 */
export function runProgram(program: string, args: readonly string[], { env, timeoutMs, cwd }: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const output: string[] = [];
    const errors: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => output.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid);
    }, timeoutMs);
    child.once("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(
        new Error(error.code === "ENOENT" ? `${program} is not on PATH` : `${program} can't be run: ${error.message}`, { cause: error }),
      );
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (late) reject(new Error(`${program} took longer than ${timeoutMs / 1000} s`));
      else if (code === 0) resolve(output.join(""));
      else
        reject(
          new Error(
            `${program} ended with ${signal ?? code}: ${lastLine(errors.join("")) || lastLine(output.join("")) || "no reason given"}`,
          ),
        );
    });
  });
}

/** Kills a process and those that it started. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // gone already
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}
