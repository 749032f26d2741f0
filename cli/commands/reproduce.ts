import { availableParallelism } from "node:os";
import { currentRuntime } from "../../activities/publish/runtime.ts";
import { createFitPool } from "../../activities/train/fit-pool.ts";
import { candleFeatureSet } from "../../core/features/feature-set.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { type ReproducedObject, reproduce } from "../../operations/reproduce.ts";
import { parseSettings } from "../../settings/parse-settings.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import { readLatest, readManifest } from "../../storage/registry/reader.ts";
import type { CommandBody } from "../command.ts";

export const reproduceCommand: CommandBody = {
  details: `Writes nothing. Candle files are compared with their published digests. Features and models are recomputed, then compared
with the published digests and with the stored files. Entries taken over from an earlier manifest are recomputed as for that
manifest. Exits with 0 if every digest is equal, else with 1.

Examples:
  candlecast reproduce
  candlecast reproduce 20201231T120000Z-1a2b3c4d --json`,
  argument: { syntax: "[version]", description: "a manifest's version (default: the newest)" },
  options: [],
  async run({ args, options, env, output, signal }) {
    const settings = parseSettings(env);
    const reader = openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    const version = args[0] ?? "latest";
    const manifest = version === "latest" ? ((await readLatest(reader))?.manifest ?? null) : await readManifest(reader, version);
    if (!manifest) throw new InvalidInputError(`${settings.storeUrl} has no manifest ${version}`);
    const json = options.json === true;
    const fitPool = createFitPool({ threads: availableParallelism() });
    try {
      const { objects, lost, equal } = await reproduce({ reader, fitFinal: fitPool.fitFinal, signal }, manifest, (object) => {
        if (!json) for (const line of objectLines(object)) output.out(line);
      });
      const doubts = equal ? [] : reasonsToDiffer(manifest);
      if (json) output.out(JSON.stringify({ manifest: manifest.version, equal, objects, lost, doubts }, null, 2));
      else {
        for (const { symbol, since } of lost) output.out(`${symbol}: its entry comes from manifest ${since}, which no longer exists`);
        for (const doubt of doubts) output.out(doubt);
        output.out(
          `${objects.filter((object) => object.equal).length} of ${objects.length} objects of manifest ${manifest.version} are equal`,
        );
      }
      return equal ? 0 : 1;
    } finally {
      await fitPool.close();
    }
  },
};

function objectLines({ kind, name, key, published, made, stored, equal, why }: ReproducedObject): string[] {
  const differs = [
    ...(made !== null && made !== published ? [`published ${published}, recomputed ${made}`] : []),
    ...(stored === "ok" || equal ? [] : [`${key} is ${stored}`]),
    ...(why === null || equal ? [] : [why]),
  ];
  const shown = kind === "candles" ? key.slice(key.lastIndexOf("/") + 1) : (made ?? "nothing").slice(0, 12);
  return [`${equal ? "equal  " : "DIFFERS"}  ${kind.padEnd(8)}  ${name}  ${shown}`, ...differs.map((line) => `         ${line}`)];
}

/** Differences between now and when the manifest was made that can change a result. */
function reasonsToDiffer({ runtime, featureSet }: Manifest): string[] {
  const here = currentRuntime();
  const there = runtime && `Node ${runtime.node} on ${runtime.platform}`;
  const isSame = runtime?.node === here.node && runtime.platform === here.platform;
  return [
    ...(isSame
      ? []
      : [`made with ${there ?? "an unknown Node"}, here with Node ${here.node} on ${here.platform}: the last bits of numbers may differ`]),
    ...(featureSet.digest === candleFeatureSet.digest ? [] : [`made with a different feature set, ${featureSet.digest.slice(0, 12)}`]),
  ];
}
