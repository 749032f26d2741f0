import { resolve } from "node:path";
import { BACKFILL_PARALLELISM } from "../../core/backfill/plan-backfill.ts";
import { WINDOW_CANDLES } from "../../core/backfill/plan-windows.ts";
import { connectTemporal } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import type { Settings } from "../../settings/settings.ts";
import type { BackfillInput, BackfillProgress, BackfillResult } from "../../workflows/contract.ts";
import { checkBackfillInput } from "../../workflows/inputs/backfill-input.ts";
import { universeText } from "../../workflows/pipeline-page.ts";
import { type CommandBody, type Invocation, type OptionValues, textOption } from "../command.ts";
import { backfillChanges, backfillLines } from "../progress/backfill-lines.ts";
import { presenter } from "../progress/present.ts";
import type { BackfillView } from "../progress/run-view.ts";
import { surveyLines } from "../progress/survey-lines.ts";
import { followRun } from "../runs/follow-run.ts";
import { startBackfill } from "../runs/run-backfill.ts";
import { surveyStore } from "../runs/survey-store.ts";
import { watchWorkers } from "../runs/task-queue.ts";
import { runLink } from "../up/links.ts";
import { numberOrText, symbolList, usage } from "./read-options.ts";

export const backfillCommand: CommandBody = {
  examples: ["backfill --symbols BTC --from 2018-01-01 [--plan]"],
  details: `Fetches, window by window, candles that are missing, that are stale (last fetched before they had settled, or before
--stale-before), or that an earlier backfill failed to fetch. --plan only lists them. It trains nothing: the next pipeline run
learns from the new candles. Requests of pipeline runs go first. While it runs:
  temporal workflow signal --name pause --workflow-id <id>            (and: --name resume)
  temporal workflow update execute --name setParallelism --input 8 --workflow-id <id>
  temporal workflow cancel --workflow-id <id>                         (stored candles stay)
Exits with 0 if every window succeeded, else with 1.

Examples:
  candlecast backfill --symbols BTC --from 2018-01-01 --plan
  candlecast backfill --symbols BTC,ETH --interval 1h --from 2020-01-01 --to 2020-07-01
  candlecast backfill --symbols BTC --interval 1m --from 2023-01-01 --to 2024-01-01 --files https://data.binance.vision`,
  options: [
    { flags: "--symbols <list>", description: "symbols or top:N, separated by commas (default: SYMBOLS)" },
    { flags: "--interval <length>", description: "1d, 1h or 1m (default: INTERVAL)" },
    { flags: "--from <time>", description: "ISO 8601, inclusive (default: when the coin was listed)" },
    { flags: "--to <time>", description: "ISO 8601, exclusive (default: now)" },
    { flags: "--source <name>", description: "auto, binance, kraken, cryptocompare or simulated" },
    { flags: "--stale-before <time>", description: "ISO 8601; candles last fetched before this time are fetched again" },
    { flags: "--parallelism <number>", description: `windows fetched at the same time (default: ${BACKFILL_PARALLELISM})` },
    { flags: "--window <candles>", description: `candles per window (default, and at most: ${WINDOW_CANDLES})` },
    {
      flags: "--files <place>",
      description: "folder or address with Binance's monthly ZIP files (like https://data.binance.vision), used for whole months",
    },
    { flags: "--plan", description: "only list what would be fetched, and why" },
  ],
  async run(invocation) {
    const settings = parseSettings(invocation.env);
    const input = usage(() => checkBackfillInput(backfillInput(invocation.options, settings.symbols)));
    return invocation.options.plan === true ? showPlan(settings, input, invocation) : runBackfill(settings, input, invocation);
  },
};

async function showPlan(settings: Settings, input: BackfillInput, { options, output, signal }: Invocation): Promise<number> {
  const survey = await surveyStore(settings, input, signal);
  if (survey.universe) output.note(universeText(survey.universe));
  output.out(options.json === true ? JSON.stringify(survey, null, 2) : surveyLines(survey).join("\n"));
  return 0;
}

async function runBackfill(settings: Settings, input: BackfillInput, { options, env, output, signal }: Invocation): Promise<number> {
  const access = await connectTemporal({ settings, env, onNote: output.note, worker: true, signal });
  const display = presenter<BackfillView>(output, backfillLines, backfillChanges);
  const ended = new AbortController();
  void watchWorkers(access, settings, display.note, ended.signal);
  try {
    const { workflowId } = await startBackfill(access, settings, input);
    output.note(`run ${runLink(access, workflowId)}`);
    const result = await followRun<BackfillProgress, BackfillResult>({
      client: access.client,
      workflowId,
      signal,
      children: () => [],
      work: ({ windows, done }) => (windows > 0 ? { done, total: windows } : null),
      onView: display.show,
    });
    display.end();
    if (result === null) {
      output.note(`stopped waiting; run ${workflowId} continues as soon as a worker is running`);
      return 1;
    }
    output.out(options.json === true ? JSON.stringify({ workflowId, ...result }, null, 2) : `${result.summary}\n  run ${workflowId}`);
    return result.failedWindows === 0 && !result.cancelled ? 0 : 1;
  } finally {
    ended.abort();
    display.end();
    await access.close();
  }
}

/** An address, or a folder as the worker on this machine sees it. */
function place(given: string | undefined): string | undefined {
  return given === undefined || /^https?:\/\//.test(given) ? given : resolve(given);
}

function backfillInput(options: OptionValues, symbols: readonly string[]): BackfillInput {
  const given = {
    symbols: symbolList(textOption(options, "symbols")) ?? symbols,
    interval: textOption(options, "interval"),
    from: textOption(options, "from"),
    to: textOption(options, "to"),
    source: textOption(options, "source"),
    staleBefore: textOption(options, "staleBefore"),
    parallelism: numberOrText(textOption(options, "parallelism")),
    windowCandles: numberOrText(textOption(options, "window")),
    files: place(textOption(options, "files")),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as BackfillInput;
}
