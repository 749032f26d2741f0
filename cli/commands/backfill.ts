import { parseSettings } from "../../core/settings/parse-settings.ts";
import { checkBackfillInput } from "../../workflows/check-input.ts";
import { type BackfillInput, type BackfillProgress, type BackfillResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { type Command, type OptionValues, textOption } from "../command.ts";
import { backfillChanges, backfillLines } from "../progress/backfill-lines.ts";
import { presenter } from "../progress/present.ts";
import type { BackfillSnapshot } from "../progress/snapshot.ts";
import { followRun } from "../runs/follow-run.ts";
import { warnWithoutWorker } from "../runs/task-queue.ts";
import { connectTemporal } from "../temporal/connect.ts";
import { symbolList, usage } from "./read-options.ts";

export const backfillCommand: Command = {
  name: "backfill",
  summary: "fetch a stretch of history, window by window",
  details: `Trains nothing: the next pipeline run sees the new candles and does. Pause and resume by signal:
  temporal workflow signal --name pause --workflow-id <id>
Ends with 0 if every window went well, else with 1.

Examples:
  candlecast backfill --symbols BTC --from 2018-01-01
  candlecast backfill --symbols BTC,ETH --interval 1h --from 2020-01-01 --to 2020-07-01`,
  options: [
    { flags: "--symbols <list>", description: "symbols parted by commas (default: all of SYMBOLS)" },
    { flags: "--interval <length>", description: "1d, 1h or 1m" },
    { flags: "--from <time>", description: "ISO 8601, inclusive (default: since the listing)" },
    { flags: "--to <time>", description: "ISO 8601, exclusive (default: now)" },
    { flags: "--source <name>", description: "auto, binance, kraken, cryptocompare or simulated" },
  ],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const input = usage(() => checkBackfillInput(backfillInput(options, settings.symbols)));
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: true, signal });
    const view = presenter<BackfillSnapshot>(output, backfillLines, backfillChanges);
    try {
      const workflowId = `backfill-${new Date().toISOString()}`;
      const stretch = [input.from && `from ${input.from}`, input.to && `to ${input.to}`].filter(Boolean).join(" ");
      await access.client.workflow.start(WORKFLOW_TYPES.backfill, {
        taskQueue: settings.taskQueue,
        workflowId,
        args: [input],
        staticSummary: `${input.symbols.slice(0, 8).join(", ")} ${input.interval ?? settings.interval} ${stretch}`.trim(),
      });
      output.note(`run ${workflowId}`);
      const result = await followRun<BackfillProgress, BackfillResult>({
        client: access.client,
        workflowId,
        signal,
        children: () => [],
        work: ({ windows, done }) => (windows > 0 ? { done, total: windows } : null),
        onSnapshot: (snapshot) => {
          view.show(snapshot);
          if (!snapshot.progress) void warnWithoutWorker(access, settings.taskQueue, view.note);
        },
      });
      view.end();
      if (result === null) {
        output.note(`no longer waiting; run ${workflowId} goes on as soon as a worker is there`);
        return 1;
      }
      output.out(options.json === true ? JSON.stringify({ workflowId, ...result }, null, 2) : `${result.summary}\n  run ${workflowId}`);
      return result.failed.length === 0 ? 0 : 1;
    } finally {
      view.end();
      await access.close();
    }
  },
};

function backfillInput(options: OptionValues, symbols: readonly string[]): BackfillInput {
  const given = {
    symbols: symbolList(textOption(options, "symbols")) ?? symbols,
    interval: textOption(options, "interval"),
    from: textOption(options, "from"),
    to: textOption(options, "to"),
    source: textOption(options, "source"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as BackfillInput;
}
