import { resolve } from "node:path";
import { connectTemporal } from "../../dev/temporal/connect.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { type ImportedFile, type ImportInput, type ImportProgress, type ImportResult, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { checkImportInput } from "../../workflows/inputs/import-input.ts";
import { type CommandBody, type OptionValues, textOption } from "../command.ts";
import { importChanges, importLines } from "../progress/import-lines.ts";
import { presenter } from "../progress/present.ts";
import type { ImportView } from "../progress/run-view.ts";
import { followRun } from "../runs/follow-run.ts";
import { runMemo, watchWorkers } from "../runs/task-queue.ts";
import { runLink } from "../up/links.ts";
import { usage } from "./read-options.ts";

export const importCommand: CommandBody = {
  details: `Finds columns by their names, and symbol and interval from the contents. Exports of Binance (also as published, in ZIP archives),
Kraken, CryptoCompare, CoinMarketCap, Yahoo and \`candlecast export\` need no options. docs/data.md says how coin, currency and the unit of
volumes are told, and what is refused. Dirty data is handled by the same rules as in \`backfill\`. A file that a spreadsheet
has damaged is refused, with the line number, and none of it is stored. A time in a file's name, like 20251116T0928Z, is taken as
the time when it was fetched. The worker reads the files, so they must be on its machine. Importing the same files again writes
nothing. Exits with 0 if candles of every file arrived, else with 1.

Examples:
  candlecast import BTC_1D.csv
  candlecast import --symbol BTC --source my-archive old/*.csv.gz`,
  argument: { syntax: "<files...>", description: "CSV (may be gzipped, or in a ZIP archive) or Parquet" },
  options: [
    { flags: "--symbol <symbol>", description: "for files that don't contain it" },
    { flags: "--interval <length>", description: "1d, 1h or 1m (default: by the time between rows)" },
    { flags: "--source <name>", description: "name recorded as the candles' source (default: file)" },
    { flags: "--date-order <order>", description: "dmy or mdy, for dates like 03-04-2020 if no day is above 12" },
    { flags: "--volume <unit>", description: "base (coins) or quote (dollars), for volumes that don't say what they count" },
    { flags: "--as-of <time>", description: "ISO 8601; when the files were made: candles that closed later are left out" },
  ],
  async run({ args, options, env, output, signal }) {
    const settings = parseSettings(env);
    const input = usage(() => checkImportInput(importInput(args, options)));
    const access = await connectTemporal({ settings, env, onNote: output.note, worker: true, signal });
    const display = presenter<ImportView>(output, importLines, importChanges);
    const ended = new AbortController();
    void watchWorkers(access, settings, display.note, ended.signal);
    try {
      const workflowId = `import-${new Date().toISOString()}`;
      await access.client.workflow.start(WORKFLOW_TYPES.importCandles, {
        taskQueue: settings.taskQueue,
        workflowId,
        args: [input],
        memo: runMemo(settings),
        staticSummary: `${input.files.length} files`,
      });
      output.note(`run ${runLink(access, workflowId)}`);
      const result = await followRun<ImportProgress, ImportResult>({
        client: access.client,
        workflowId,
        signal,
        children: () => [],
        work: ({ files, done }) => ({ done, total: files }),
        onView: display.show,
      });
      display.end();
      if (result === null) {
        output.note(`stopped waiting; run ${workflowId} continues as soon as a worker is running`);
        return 1;
      }
      const warnings = result.files.flatMap(({ warning }) => (warning ? [`warning  ${warning}`] : []));
      const text = [...warnings, ...result.files.map(fileLine), result.summary, `  run ${workflowId}`].join("\n");
      output.out(options.json === true ? JSON.stringify({ workflowId, ...result }, null, 2) : text);
      return result.failed === 0 ? 0 : 1;
    } finally {
      ended.abort();
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
    volume: textOption(options, "volume"),
    asOf: textOption(options, "asOf"),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as unknown as ImportInput;
}

function fileLine({ file, error, symbols, interval, counts, rejectedRows }: ImportedFile): string {
  if (error !== null) return `refused  ${error}`;
  const more = Object.entries({ ...counts.dropped, ...counts.rejected }).map(([reason, n]) => `${n} ${reason}`);
  const facts = [`${counts.received} rows`, `${counts.added} added`, `${counts.revised} revised`, ...more].join(", ");
  return [`ok       ${file}: ${symbols.join(", ")} ${interval}: ${facts}`, ...rejectedRows.map((row) => `           ${row}`)].join("\n");
}
