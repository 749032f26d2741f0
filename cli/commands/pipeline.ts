import { runPage } from "../../core/vocabulary/run-page.ts";
import { connectTemporal } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import type { PipelineInput } from "../../workflows/contract.ts";
import { checkPipelineInput } from "../../workflows/inputs/pipeline-input.ts";
import { type CommandBody, type OptionValues, textOption } from "../command.ts";
import { startPipeline, waitForPipeline } from "../runs/run-pipeline.ts";
import { pipelineExitCode, summariseRun, summaryLines } from "../runs/run-summary.ts";
import { runLink } from "../up/links.ts";
import { numberOrText, symbolList, usage } from "./read-options.ts";

export const pipelineCommand: CommandBody = {
  examples: ["pipeline --symbols BTC,ETH --as-of 2020-12-31T12:00:00Z"],
  details: `Fetches candles, trains models where there is new data, and publishes a manifest. Options that aren't given come from the
worker's settings. The result is served: after \`--symbols DOGE\`, DOGE is predicted by models trained on DOGE alone, and after
an --as-of in the past, predictions are as of that time, until the next full run. To try something out, use a separate
STATE_DIR. Exits with 0 if a manifest was published or is up to date and every symbol succeeded, else with 1.

Examples:
  candlecast pipeline
  candlecast pipeline --symbols BTC,ETH --as-of 2020-12-31T12:00:00Z --json`,
  options: [
    { flags: "--symbols <list>", description: "symbols, or top:N for the N largest coins, separated by commas" },
    { flags: "--interval <length>", description: "1d, 1h or 1m" },
    { flags: "--as-of <time>", description: "ISO 8601; use only candles that had closed by this time" },
    { flags: "--horizon <candles>", description: "how many candles ahead" },
    { flags: "--scope <scope>", description: "pooled, coin or both" },
    { flags: "--source <name>", description: "auto, binance, kraken, cryptocompare, simulated, or file (imported candles)" },
  ],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const input = usage(() => checkPipelineInput(pipelineInput(options)));
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: true, signal });
    try {
      const { workflowId } = await startPipeline(access, settings, input);
      output.note(`run ${runLink(access, workflowId)}`);
      const result = await waitForPipeline(access, { workflowId, settings, output, signal });
      if (result === null) {
        output.note(`stopped waiting; run ${workflowId} continues as soon as a worker is running`);
        return 1;
      }
      const runUrl = runPage(access.uiUrl, { namespace: access.namespace, workflowId, runId: null });
      const store = openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
      const summary = await summariseRun(store, { workflowId, runUrl }, result);
      output.out(options.json === true ? JSON.stringify(summary, null, 2) : summaryLines(summary).join("\n"));
      return pipelineExitCode(result);
    } finally {
      await access.close();
    }
  },
};

/** The given options as the workflow's input. */
export function pipelineInput(options: OptionValues): PipelineInput {
  const given = {
    symbols: symbolList(textOption(options, "symbols")),
    interval: textOption(options, "interval"),
    asOf: textOption(options, "asOf"),
    horizon: numberOrText(textOption(options, "horizon")),
    scope: textOption(options, "scope"),
    source: textOption(options, "source"),
    trigger: "manual",
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as PipelineInput;
}
