import { spawn } from "node:child_process";

export interface Outcome {
  readonly code: number;
  /** Standard output, then standard error. */
  readonly text: string;
}

/** Runs a program to its end; `input` is what it reads from standard input. */
export function runTool(
  file: string,
  args: readonly string[],
  { cwd, env = process.env, input = "" }: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, text: Buffer.concat([...out, ...err]).toString() }));
  });
}

/** What a program says when it fails, as lines; none where it succeeds. */
export async function problemsOf(file: string, args: readonly string[], options: Parameters<typeof runTool>[2] = {}): Promise<string[]> {
  const { code, text } = await runTool(file, args, options);
  if (code === 0) return [];
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length > 0 ? lines : [`${file} ended with ${code}`];
}
