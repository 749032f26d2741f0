import { parseSettings } from "../../settings/parse-settings.ts";
import { formerFiles, type MigratedFile, migrateFile } from "../../storage/candle-files/migrate-candles.ts";
import { openPlainStore } from "../../storage/object-store/open-store.ts";
import type { CommandBody } from "../command.ts";

export const migrateCommand: CommandBody = {
  details: `Earlier versions stored candles under symbol=BTC/, this one stores them under coin=BTC/. Candles under the former keys are
found, too, so this can be done at any time after the last worker of an earlier version has ended. It can be stopped and run again.
Published manifests stay valid. Exits with 1 if a file had to stay where it is.

Examples:
  candlecast migrate --dry-run
  candlecast migrate`,
  options: [{ flags: "--dry-run", description: "list the files, and move none" }],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const store = openPlainStore(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    const json = options.json === true;
    const keys: string[] = [];
    for await (const key of formerFiles(store)) keys.push(key);
    if (options.dryRun === true) {
      output.out(json ? JSON.stringify({ files: keys }, null, 2) : [...keys, `${keys.length} files to move in ${store.url}`].join("\n"));
      return 0;
    }
    const files: MigratedFile[] = [];
    for (const key of keys) {
      signal.throwIfAborted();
      const file = await migrateFile(store, key);
      files.push(file);
      if (!json) output.out(`${file.done.padEnd(8)} ${file.why === null ? file.to : `${file.key}: ${file.why}`}`);
    }
    const count = (done: MigratedFile["done"]) => files.filter((file) => file.done === done).length;
    const summary = { moved: count("moved"), joined: count("joined"), refused: count("refused") };
    output.out(
      json
        ? JSON.stringify({ ...summary, files }, null, 2)
        : `${summary.moved} moved, ${summary.joined} joined with a file that was already there, ${summary.refused} refused`,
    );
    return summary.refused > 0 ? 1 : 0;
  },
};
