import { parseSettings } from "../../settings/parse-settings.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { type Collection, collectGarbage, planGarbage } from "../../storage/registry/collect-garbage.ts";
import { collectionSummary } from "../../storage/registry/collection-summary.ts";
import { checkRetention, DEFAULT_RETENTION, MIN_GRACE_DAYS, type RetentionRules } from "../../storage/registry/retention.ts";
import { type CommandBody, type OptionValues, textOption } from "../command.ts";
import { numberOrText, usage } from "./read-options.ts";

const { keep, days, graceDays } = DEFAULT_RETENTION;

export const gcCommand: CommandBody = {
  examples: ["gc [--delete]"],
  details: `Without --delete it only lists. A manifest is retained if it is among the newest (--keep), younger than --days, or if a retained
manifest took over one of its entries; every object that it names is kept. Candles, their revisions and published manifests are
never deleted, so \`reproduce\` can recompute any version. Safe while runs publish. The workflow \`retention\` does the same on
a schedule:
  temporal schedule create --schedule-id candlecast-retention --workflow-id retention --type retention \\
    --task-queue candlecast --cron "0 3 * * 0" --input '{"delete":true}'

Examples:
  candlecast gc
  candlecast gc --keep 10 --days 7 --delete`,
  options: [
    { flags: "--keep <manifests>", description: `how many of the newest manifests to retain (default: ${keep})` },
    { flags: "--days <days>", description: `retain manifests younger than this (default: ${days})` },
    {
      flags: "--grace-days <days>",
      description: `keep objects younger than this, for runs in progress (default: ${graceDays}, at least ${MIN_GRACE_DAYS})`,
    },
    { flags: "--delete", description: "delete the listed objects" },
  ],
  async run({ options, env, output, signal }) {
    const settings = parseSettings(env);
    const rules = usage(() => checkRetention(rulesFrom(options)));
    const store = openStore(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    const isDeleting = options.delete === true;
    const collection = isDeleting
      ? await collectGarbage(store, rules, Date.now(), { signal })
      : await planGarbage(store, rules, Date.now());
    const summary = collectionSummary(collection, isDeleting);
    output.out(
      options.json === true
        ? JSON.stringify({ summary, rules, ...collection }, null, 2)
        : [...(isDeleting ? [] : objectLines(collection)), ...kindLines(collection), summary].join("\n"),
    );
    if (!isDeleting && collection.deletable.length > 0) output.note("nothing was deleted; --delete deletes the listed objects");
    return 0;
  },
};

function rulesFrom(options: OptionValues): RetentionRules {
  const given = {
    keep: numberOrText(textOption(options, "keep")) ?? keep,
    days: numberOrText(textOption(options, "days")) ?? days,
    graceDays: numberOrText(textOption(options, "graceDays")) ?? graceDays,
  };
  return given as RetentionRules;
}

function objectLines({ deletable }: Collection): string[] {
  return deletable.map(
    ({ key, bytes, lastModified }) => `${new Date(lastModified).toISOString().slice(0, 10)}  ${String(bytes).padStart(10)}  ${key}`,
  );
}

function kindLines({ byKind, young }: Collection): string[] {
  const lines = Object.entries(byKind).map(([kind, { objects, bytes }]) => `${kind.padEnd(15)}${objects} objects, ${bytes} bytes`);
  return young > 0 ? [...lines, `${"too young".padEnd(15)}${young} objects`] : lines;
}
