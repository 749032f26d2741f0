import type { Output } from "../../cli/command.ts";
import { COMMANDS } from "../../cli/commands.ts";
import { runProgramLine } from "../../cli/program.ts";

/** Runs one of the commands that people run, over a store in a folder, with further settings. */
export async function runCommandOver(
  storeFolder: string,
  line: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ code: number; out: string }> {
  const out: string[] = [];
  const output: Output = { out: (text) => out.push(text), note: (text) => out.push(text), terminal: null };
  const env = { STORE_URL: `file:${storeFolder}`, HOME: storeFolder, ...settings };
  const { signal } = new AbortController();
  const code = await runProgramLine(line.split(" "), { commands: COMMANDS, version: "0", env, output, signal });
  return { code, out: out.join("\n") };
}
