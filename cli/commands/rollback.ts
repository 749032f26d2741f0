import { parseSettings } from "../../settings/parse-settings.ts";
import { openStore } from "../../storage/object-store/open-store.ts";
import { assertConditionalPuts } from "../../storage/registry/probe-store.ts";
import { rollBack } from "../../storage/registry/rollback.ts";
import { type Command, textOption } from "../command.ts";
import { UsageError } from "../usage-error.ts";

/** Longest reason that a manifest takes. */
const MAX_REASON = 2_000;

export const rollbackCommand: Command = {
  name: "rollback",
  summary: "serve an earlier manifest again and record the reason",
  examples: ["rollback <version> --reason …"],
  details: `Publishes the content of a former manifest as a new one, over the one that is served now; nothing is taken away. All that it
names is checked first. Running APIs see it within seconds, or at once by POST /reload. The next pipeline run goes on from it, and
publishes what it finds: \`candlecast schedule pause\` holds the schedule meanwhile.

Example:
  candlecast rollback 20260131T001000Z-1a2b3c4d --reason "BTC's candles of the 30th were wrong"`,
  argument: { syntax: "<version>", description: "a manifest's version, as `status` and the API show it" },
  options: [{ flags: "--reason <text>", description: "why, for whoever looks at the manifest later (required)" }],
  async run({ args, options, env, output }) {
    const settings = parseSettings(env);
    const [version] = args;
    const reason = textOption(options, "reason")?.trim();
    if (!reason || reason.length > MAX_REASON) throw new UsageError(`--reason is needed: a text of at most ${MAX_REASON} characters`);
    const store = openStore(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    await assertConditionalPuts(store);
    const { manifest, published } = await rollBack(store, version, { reason, now: Date.now() });
    const sentence = published
      ? `Manifest ${manifest.version} serves what ${version} did; before it, ${manifest.previous} was served.`
      : `Nothing to do: what ${version} says is served already, by ${manifest.version}.`;
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
