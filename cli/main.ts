import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { projectFile } from "../dev/project-file.ts";
import type { Output } from "./command.ts";
import { COMMANDS } from "./commands.ts";
import { runProgramLine } from "./program.ts";

/** npm, the terminal and a parent process may each pass on the same Ctrl-C, so signals this close together count once. */
const SAME_SIGNAL_MS = 1_000;

function terminalOutput(): Output {
  const { stderr } = process;
  const live = stderr.isTTY && process.env.TERM !== "dumb";
  return {
    out: (text) => process.stdout.write(`${text}\n`),
    note: (text) => stderr.write(`${text}\n`),
    bytes: process.stdout.isTTY ? undefined : process.stdout,
    terminal: live
      ? {
          write: (text) => stderr.write(text),
          get columns() {
            return stderr.columns || 80;
          },
          get rows() {
            return stderr.rows || 24;
          },
        }
      : null,
  };
}

/** Aborted by the first Ctrl-C, SIGTERM or hang-up, or when a parent with a channel to this process ends; a second signal exits at once. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | null = null;
  const stop = () => {
    if (firstMs !== null && Date.now() - firstMs > SAME_SIGNAL_MS) process.exit(130);
    firstMs ??= Date.now();
    controller.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  if (process.channel) {
    process.once("disconnect", stop);
    process.channel.unref();
  }
  return controller.signal;
}

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(projectFile("package.json"), "utf8")) as { version: string };
  process.stdout.on("error", () => {});
  process.stderr.on("error", () => {});
  const code = await runProgramLine(process.argv.slice(2), {
    commands: COMMANDS,
    version,
    env: process.env,
    output: terminalOutput(),
    signal: stopSignal(),
  });
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

if (import.meta.main && isMainThread) await main();
