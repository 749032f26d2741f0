import { resolve } from "node:path";
import { connectTemporal } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { checkImportInput } from "../../workflows/check-import.ts";
import { type ImportedFile, type ImportInput, type ImportProgress, type ImportResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { type Command, type OptionValues, textOption } from "../command.ts";
import { importChanges, importLines } from "../progress/import-lines.ts";
import { presenter } from "../progress/present.ts";
import type { ImportView } from "../progress/run-view.ts";
import { followRun } from "../runs/follow-run.ts";
import { warnWithoutWorker } from "../runs/task-queue.ts";
import { runLink } from "../up/links.ts";
import { usage } from "./read-options.ts";

export const importCommand: Command = {
  name: "import",
  summary: "import candles from CSV and Parquet files",
  details: `Columns are found by their names, and symbol and interval by what the files hold; the exports of Binance, Kraken, CryptoCompare
and CoinMarketCap and \`candlecast export\` need no option. The rules for dirty data are those of \`backfill\`. A file that a
spreadsheet has damaged is refused with its line, and nothing of it is stored. A name with a time like 20251116T0928Z tells
when its file was fetched. The worker reads the files, so they must be there for it. A second import of the same files writes
nothing. Ends with 0 if every file went well, else with 1.

Examples:
  candlecast import BTC_1D.csv
  candlecast import --symbol BTC --source my-archive old/*.csv.gz`,
  argument: { syntax: "<files...>", description: "CSV, gzipped or not, or Parquet" },
  options: [
    { flags: "--symbol <symbol>", description: "of files that don't tell it" },
    { flags: "--interval <length>", description: "1d, 1h or 1m (default: what the rows' distance tells)" },
    { flags: "--source <name>", description: "recorded as the candles' source (default: file)" },
    { flags: "--date-order <order>", description: "dmy or mdy, for dates like 03-04-2020 where no day above 12 tells" },
    { flags: "--as-of <time>", description: "when the files were made, ISO 8601: candles that closed later are left out" },
  ],
  async run({ args, options, env, output, signal }) {
    const settings = parseSettings(env);
    const input = usage(() => checkImportInput(importInput(args, options)));
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: true, signal });
    const display = presenter<ImportView>(output, importLines, importChanges);
    try {
      const workflowId = `import-${new Date().toISOString()}`;
      await access.client.workflow.start(WORKFLOW_TYPES.importCandles, {
        taskQueue: settings.taskQueue,
        workflowId,
        args: [input],
        staticSummary: `${input.files.length} files`,
      });
      output.note(`run ${runLink(access, workflowId)}`);
      const result = await followRun<ImportProgress, ImportResult>({
        client: access.client,
        workflowId,
        signal,
        children: () => [],
        work: ({ files, done }) => ({ done, total: files }),
        onView: (view) => {
          display.show(view);
          if (!view.progress) void warnWithoutWorker(access, settings.taskQueue, display.note);
        },
      });
      display.end();
      if (result === null) {
        output.note(`no longer waiting; run ${workflowId} goes on as soon as a worker is there`);
        return 1;
      }
      const text = [...result.files.map(fileLine), result.summary, `  run ${workflowId}`].join("\n");
      output.out(options.json === true ? JSON.stringify({ workflowId, ...result }, null, 2) : text);
      return result.failed === 0 ? 0 : 1;
    } finally {
      display.end();
      await access.close();
    }
  },
};

function importInput(files: readonly string[], options: OptionValues): ImportInput {
  const given = {
    files: files.map((file) => resolve(file)),
    symbol: textOption(options, "symbol"),
    interval: textOption(options, "interval"),
    source: textOption(options, "source"),
    dateOrder: textOption(options, "dateOrder"),
    asOf: textOption(options, "asOf"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as ImportInput;
}

function fileLine({ file, error, symbols, interval, counts, rejectedRows }: ImportedFile): string {
  if (error !== null) return `refused  ${error}`;
  const more = Object.entries({ ...counts.dropped, ...counts.rejected }).map(([reason, n]) => `${n} ${reason}`);
  const said = [`${counts.received} rows`, `${counts.added} added`, `${counts.revised} revised`, ...more].join(", ");
  return [`ok       ${file}: ${symbols.join(", ")} ${interval}: ${said}`, ...rejectedRows.map((row) => `           ${row}`)].join("\n");
}
