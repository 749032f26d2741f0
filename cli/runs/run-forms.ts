import type { RunControl, RunField, RunKind } from "../../api/run-desk.ts";
import { MAX_HORIZON } from "../../core/vocabulary/horizon.ts";
import { INTERVALS } from "../../core/vocabulary/interval.ts";
import { ISO_TIME, ISO_TIME_WORDS } from "../../core/vocabulary/iso-time.ts";
import { SCOPE_CHOICES } from "../../core/vocabulary/model-names.ts";
import type { BackfillInput, PipelineInput } from "../../workflows/contract.ts";
import type { CommandBody } from "../command.ts";
import { backfillCommand } from "../commands/backfill.ts";
import { pipelineCommand } from "../commands/pipeline.ts";

const LIST: RunControl = { type: "list" };
const TEXT: RunControl = { type: "text" };
const TIME: RunControl = { type: "time", pattern: ISO_TIME.source, wanted: ISO_TIME_WORDS };

const PIPELINE = {
  symbols: LIST,
  interval: { type: "choice", choices: INTERVALS },
  asOf: TIME,
  horizon: { type: "count", most: MAX_HORIZON },
  scope: { type: "choice", choices: SCOPE_CHOICES },
  source: TEXT,
} satisfies Partial<Record<keyof PipelineInput, RunControl>>;

const BACKFILL = {
  symbols: LIST,
  from: TIME,
  to: TIME,
  interval: { type: "choice", choices: INTERVALS },
  staleBefore: TIME,
} satisfies Partial<Record<keyof BackfillInput, RunControl>>;

/** What a person fills in to start a run, in the words of the command that starts the same. */
export const RUN_FORMS: Readonly<Record<RunKind, readonly RunField[]>> = {
  pipeline: fieldsOf(PIPELINE, pipelineCommand),
  backfill: fieldsOf(BACKFILL, backfillCommand),
};

function fieldsOf(controls: Readonly<Record<string, RunControl>>, { options }: CommandBody): RunField[] {
  const words = new Map(options.map(({ flags, description }) => [camelCase(flags), description]));
  return Object.entries(controls).map(([name, control]) => ({ name, words: words.get(name) ?? "", control }));
}

/** `--as-of <time>` as `asOf`. */
function camelCase(flags: string): string {
  return flags.replace(/^--|\s.*$/g, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
