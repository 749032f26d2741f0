import { forecastKeeper } from "../../activities/publish/publish-forecasts.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { assertConditionalPuts } from "../../storage/registry/probe-store.ts";
import { rollBack } from "../../storage/registry/rollback.ts";
import { type CommandBody, textOption } from "../command.ts";
import { UsageError } from "../usage-error.ts";

/** Most characters of a reason in a manifest. */
const MAX_REASON = 2_000;

export const rollbackCommand: CommandBody = {
  examples: ["rollback <version> --reason …"],
  details: `Publishes the content of an earlier manifest as a new version; no manifest is deleted. First it checks every object that the
manifest names. Running APIs serve it within seconds, or at once after POST /reload. The next pipeline run publishes its own
results again: \`candlecast schedule pause\` stops the schedule until then.

Example:
  candlecast rollback 20260131T001000Z-1a2b3c4d --reason "BTC's candles of the 30th were wrong"`,
  argument: { syntax: "<version>", description: "a manifest's version, as shown by `candlecast status` and the API" },
  options: [{ flags: "--reason <text>", description: "why, for later readers of the manifest (required)" }],
  async run({ args, options, env, output }) {
    const settings = parseSettings(env);
    const [version] = args;
    const reason = textOption(options, "reason")?.trim();
    if (!reason || reason.length > MAX_REASON) throw new UsageError(`--reason is required: a text of at most ${MAX_REASON} characters`);
    const store = openStore(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    await assertConditionalPuts(store);
    const keeper = forecastKeeper(store);
    const { manifest, published } = await rollBack(store, version, { reason, now: Date.now(), complete: keeper.complete });
    await keeper.settle(manifest);
    const sentence = published
      ? `Manifest ${manifest.version} is published with the content of ${version}; it replaces ${manifest.previous}.`
      : `Nothing to do: manifest ${manifest.version}, which is served now, has the content of ${version}.`;
    output.out(
      options.json === true
        ? JSON.stringify(
            { version: manifest.version, previous: manifest.previous, published, rollback: manifest.rollback ?? null },
            null,
            2,
          )
        : sentence,
    );
    return 0;
  },
};
