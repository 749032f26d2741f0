import type { OpenManifest } from "../../core/scoring/scoring-state.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { chain } from "../../storage/registry/chain.ts";
import { manifestKey, readLatest } from "../../storage/registry/reader.ts";
import { brokenObject } from "./broken-object.ts";

export interface FoundManifests {
  /** The newest manifest; null where nothing was published. */
  readonly newest: string | null;
  /** Manifests with kept forecasts, the oldest first. */
  readonly found: readonly OpenManifest[];
  /** Where the chain is broken, as sentences: what is behind is not looked at. */
  readonly problems: readonly string[];
}

/** The manifests that were published after one of the chain; null: all. */
export async function findManifests(
  reader: ObjectReader,
  after: string | null,
  { signal }: { signal: AbortSignal },
): Promise<FoundManifests> {
  const latest = (await readLatest(reader))?.manifest ?? null;
  const found: OpenManifest[] = [];
  const problems: string[] = [];
  try {
    for await (const { version, manifest } of chain(reader, latest)) {
      signal.throwIfAborted();
      if (version === after) break;
      if (!manifest) problems.push(`${manifestKey(version)} is missing from ${reader.url}`);
      if (manifest?.forecasts) found.push({ version, forecasts: manifest.forecasts, dueAt: 0 });
      // The one that is known need not be read.
      if (manifest?.previous === after) break;
    }
  } catch (error) {
    problems.push(brokenObject(error));
  }
  return { newest: latest?.version ?? null, found: found.reverse(), problems };
}
