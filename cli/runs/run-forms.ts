import type { RunField, RunKind } from "../../api/run-desk.ts";
import { INTERVALS } from "../../core/vocabulary/interval.ts";
import { SCOPE_CHOICES } from "../../core/vocabulary/model-names.ts";
import type { BackfillInput, PipelineInput } from "../../workflows/contract.ts";
import type { CommandBody } from "../command.ts";
import { backfillCommand } from "../commands/backfill.ts";
import { pipelineCommand } from "../commands/pipeline.ts";

type Control = Pick<RunField, "type" | "choices">;

const LIST: Control = { type: "list", choices: [] };
const TEXT: Control = { type: "text", choices: [] };
const NUMBER: Control = { type: "number", choices: [] };
const choiceOf = (choices: readonly string[]): Control => ({ type: "choice", choices });

const PIPELINE = {
  symbols: LIST,
  interval: choiceOf(INTERVALS),
  asOf: TEXT,
  horizon: NUMBER,
  scope: choiceOf(SCOPE_CHOICES),
  source: TEXT,
} satisfies Partial<Record<keyof PipelineInput, Control>>;

const BACKFILL = {
  symbols: LIST,
  from: TEXT,
  to: TEXT,
  interval: choiceOf(INTERVALS),
  staleBefore: TEXT,
} satisfies Partial<Record<keyof BackfillInput, Control>>;

/** What a person fills in to start a run, in the words of the command that starts the same. */
export const RUN_FORMS: Readonly<Record<RunKind, readonly RunField[]>> = {
  pipeline: fieldsOf(PIPELINE, pipelineCommand),
  backfill: fieldsOf(BACKFILL, backfillCommand),
};

function fieldsOf(controls: Readonly<Record<string, Control>>, { options }: CommandBody): RunField[] {
  const words = new Map(options.map(({ flags, description }) => [camelCase(flags), description]));
  return Object.entries(controls).map(([name, control]) => ({ name, ...control, words: words.get(name) ?? "" }));
}

/** `--as-of <time>` as `asOf`. */
function camelCase(flags: string): string {
  return flags.replace(/^--|\s.*$/g, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
