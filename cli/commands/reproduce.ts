import { availableParallelism } from "node:os";
import { createFitPool } from "../../activities/training/fit-pool.ts";
import { reproduce } from "../../activities/training/reproduce.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { parseSettings } from "../../core/settings/parse-settings.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import { readLatest, readManifest } from "../../storage/registry/reader.ts";
import type { Command } from "../command.ts";

export const reproduceCommand: Command = {
  name: "reproduce",
  summary: "make a manifest's feature files and models again from the stored candles, and compare digests",
  details: `Nothing is written. Ends with 1 where a digest differs.

Example:
  candlecast reproduce latest`,
  argument: { syntax: "<version>", description: "a manifest's version, or latest" },
  options: [],
  async run({ args, options, env, output }) {
    const settings = parseSettings(env);
    const reader = openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    const [version] = args;
    const manifest = version === "latest" ? ((await readLatest(reader))?.manifest ?? null) : await readManifest(reader, version);
    if (!manifest) throw new InvalidInputError(`${settings.storeUrl} has no manifest ${version}`);
    const json = options.json === true;
    const fitPool = createFitPool({ threads: availableParallelism() });
    try {
      const { objects, elsewhere } = await reproduce({ reader, fitPool }, manifest, ({ kind, name, published, found, equal }) => {
        if (!json)
          output.out(
            `${equal ? "equal  " : "DIFFERS"}  ${kind.padEnd(8)}  ${name}  ${equal ? found.slice(0, 12) : `${published} is now ${found}`}`,
          );
      });
      const differing = objects.filter(({ equal }) => !equal).length;
      if (json) output.out(JSON.stringify({ manifest: manifest.version, objects, elsewhere }, null, 2));
      else {
        for (const { symbol, since } of elsewhere) output.out(`${symbol}: made by manifest ${since}; reproduce that one`);
        output.out(`${objects.length - differing} of ${objects.length} objects of manifest ${manifest.version} are equal`);
      }
      return differing === 0 ? 0 : 1;
    } finally {
      await fitPool.close();
    }
  },
};
