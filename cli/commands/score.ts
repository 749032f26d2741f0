import { connectTemporal } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { type ScoreResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import type { ScoreInput } from "../../workflows/inputs/score-input.ts";
import type { CommandBody } from "../command.ts";
import { reasonOf } from "../runs/follow-run.ts";
import { runMemo, watchWorkers } from "../runs/task-queue.ts";
import { runLink } from "../up/links.ts";

export const scoreCommand: CommandBody = {
  examples: ["score [--all]"],
  details: `Every published forecast is kept under predictions/forecasts/. This adds those whose target candles have closed to
predictions/outcomes/, with what came true and by how much they were off. Each pipeline run does the same at its end, so it is needed only
after a backfill or an import that brought candles. It can be run at any time, and twice; a candle that its source revised later
gives a second scoring beside the first. docs/data.md has the columns and a query. Exits with 1 if something could not be read.

Examples:
  candlecast score
  candlecast score --all`,
  options: [{ flags: "--all", description: "compare all outcomes with the stored candles, not only those whose candles changed" }],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: true, signal });
    const ended = new AbortController();
    void watchWorkers(access, settings, output.note, ended.signal);
    try {
      const workflowId = `score-${new Date().toISOString()}`;
      const input: ScoreInput = options.all === true ? { all: true } : {};
      const run = await access.client.workflow.start(WORKFLOW_TYPES.score, {
        taskQueue: settings.taskQueue,
        workflowId,
        args: [input],
        memo: runMemo(settings),
        staticSummary: input.all ? "all outcomes" : "forecasts whose candles have closed",
      });
      output.note(`run ${runLink(access, workflowId)}`);
      const result = await Promise.race([run.result() as Promise<ScoreResult>, aborted(signal)]);
      if (result === null) {
        output.note(`stopped waiting; run ${workflowId} continues as soon as a worker is running`);
        return 1;
      }
      const lines = [result.summary, ...result.problems.map((problem) => `  not read: ${problem}`), `  run ${workflowId}`];
      output.out(options.json === true ? JSON.stringify({ workflowId, ...result }, null, 2) : lines.join("\n"));
      return result.problems.length > 0 ? 1 : 0;
    } catch (error) {
      throw error instanceof Error ? new Error(reasonOf(error), { cause: error }) : error;
    } finally {
      ended.abort();
      await access.close();
    }
  },
};

function aborted(signal: AbortSignal): Promise<null> {
  return new Promise((done) => {
    if (signal.aborted) done(null);
    signal.addEventListener("abort", () => done(null), { once: true });
  });
}
