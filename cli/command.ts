/** Where a command writes: results to `out`, messages and progress to `note`. */
export interface Output {
  out(text: string): void;
  note(text: string): void;
  /** For results that are bytes rather than text; absent if a terminal would show them. */
  readonly bytes?: NodeJS.WritableStream;
  /** The terminal on which live progress is drawn; null if there is none. */
  readonly terminal: { write(text: string): void; readonly columns: number; readonly rows: number } | null;
}

export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface Invocation {
  readonly args: readonly string[];
  readonly options: OptionValues;
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  /** Aborted by Ctrl-C or SIGTERM: the command stops what it started and returns. */
  readonly signal: AbortSignal;
}

/** A command. `--help` and `--json` are added to each. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Typical calls, for README's table; its name and argument where they are left out. */
  readonly examples?: readonly string[];
  /** Shown by `--help` below the options. */
  readonly details: string;
  readonly argument?: { readonly syntax: string; readonly description: string; readonly choices?: readonly string[] };
  readonly options: readonly { readonly flags: string; readonly description: string }[];
  /** @returns the exit code */
  run(invocation: Invocation): Promise<number>;
}

/** A command without what `--help` shows of all commands. */
export type CommandBody = Omit<Command, "name" | "summary">;

/** An option's text; undefined if it isn't given. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}
