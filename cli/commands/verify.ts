import { parseSettings } from "../../settings/parse-settings.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import { verify } from "../../storage/registry/verify.ts";
import { isEqual, type VerifiedObject } from "../../storage/registry/verify-object.ts";
import type { CommandBody } from "../command.ts";

export const verifyCommand: CommandBody = {
  details: `Writes nothing. Each object is
  ok        as published
  extended  a candle file with rows added later; all published rows are unchanged
  revised   a candle file in which a later run replaced published rows
  changed   different from what was published
  missing   not in the store
  unlinked  a manifest that can't be reached from manifests/latest.json
Exits with 0 if every object is ok or extended, else with 1.

Examples:
  candlecast verify
  candlecast verify 20201231T120000Z-1a2b3c4d --json`,
  argument: { syntax: "[version]", description: "a manifest's version (default: the newest)" },
  options: [],
  async run({ args, options, env, output, signal }) {
    const settings = parseSettings(env);
    const reader = openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
    const json = options.json === true;
    const version = args[0] === undefined || args[0] === "latest" ? null : args[0];
    const found = await verify(reader, version, {
      signal,
      onObject: (object) => {
        if (!json) for (const line of objectLines(object)) output.out(line);
      },
    });
    output.out(json ? JSON.stringify(found, null, 2) : summary(found.manifest, found.objects));
    return found.equal ? 0 : 1;
  },
};

function objectLines(object: VerifiedObject): string[] {
  const { status, key, namedBy, published, found, why } = object;
  const [first, ...others] = namedBy;
  const name = first ? `  ${first.replace(/^symbols\./, "")}${others.length > 0 ? ` and ${others.length} more` : ""}` : "";
  const digests = isEqual(object) || found === null || published === found ? [] : [`${" ".repeat(10)}published ${published}, now ${found}`];
  return [`${status.padEnd(8)}  ${key}${name}`, ...digests, ...(why === null ? [] : [`${" ".repeat(10)}${why}`])];
}

function summary(manifest: string, objects: readonly VerifiedObject[]): string {
  const others = [
    ...Map.groupBy(
      objects.filter((object) => !isEqual(object)),
      ({ status }) => status,
    ),
  ];
  const counts = others.map(([status, list]) => `${list.length} ${status}`);
  const equal = objects.filter(isEqual).length;
  return `${equal} of ${objects.length} objects of manifest ${manifest} are as published${counts.length > 0 ? `; ${counts.join(", ")}` : ""}`;
}
