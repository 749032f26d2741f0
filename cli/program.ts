import { Argument, Command as Commander, CommanderError } from "commander";
import type { Output } from "./command.ts";
import { type CommandEntry, loadCommand } from "./commands.ts";

export interface ProgramOptions {
  readonly commands: readonly CommandEntry[];
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Exit code for an invalid command line. */
export const BAD_USAGE = 2;

/**
 * Reads a command line and runs its command.
 *
 * @param argv what follows the program's name
 * @returns the exit code: the command's own, 1 if it failed, 2 if the command line is invalid
 */
export async function runProgramLine(argv: readonly string[], { commands, version, env, output, signal }: ProgramOptions): Promise<number> {
  let code = 0;
  const program = new Commander("candlecast")
    .description("Learns from the history of cryptocurrencies and serves predictions.")
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: (text) => output.out(text.trimEnd()), writeErr: (text) => output.note(text.trimEnd()) })
    .showHelpAfterError("(see --help)");
  for (const listed of commands) {
    const entry = program.command(listed.name).summary(listed.summary).description(listed.summary);
    entry
      .exitOverride()
      .configureOutput({ writeOut: (text) => output.out(text.trimEnd()), writeErr: (text) => output.note(text.trimEnd()) });
    // The others are only listed, so that what they need isn't loaded.
    if (!argv.includes(listed.name)) continue;
    const command = await loadCommand(listed);
    if (command.argument) {
      const { syntax, description, choices } = command.argument;
      const argument = new Argument(syntax, description);
      entry.addArgument(choices ? argument.choices(choices) : argument);
    }
    for (const { flags, description } of command.options) entry.option(flags, description);
    entry.option("--json", "print JSON");
    entry.addHelpText("after", `\n${command.details}`);
    entry.action(async (...received: unknown[]) => {
      const options = entry.opts() as Record<string, string | boolean | undefined>;
      const args = received.flat().filter((value): value is string => typeof value === "string");
      try {
        code = await command.run({ args, options, env, output, signal });
      } catch (error) {
        code = report(error, options.json === true, output);
      }
    });
  }
  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : BAD_USAGE;
  }
}

function report(error: unknown, json: boolean, output: Output): number {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (json) output.out(JSON.stringify({ error: { name, message } }, null, 2));
  output.note(message);
  return name === "UsageError" ? BAD_USAGE : 1;
}
