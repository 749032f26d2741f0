import type { Manifest } from "../../core/manifests/manifest.ts";
import { hasLeftUniverse } from "../../core/manifests/staleness.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import { walk } from "../../storage/registry/chain.ts";
import { readManifest } from "../../storage/registry/reader.ts";
import { isLasting } from "./lasting.ts";

/** What a list says of a manifest. */
export interface ManifestSummary {
  readonly version: string;
  readonly previous: string | null;
  readonly createdAt: string;
  readonly asOf: string;
  readonly interval: string;
  readonly horizon: number;
  readonly codeVersion: string;
  readonly workflow: Manifest["workflow"];
  readonly rollback: Manifest["rollback"] | null;
  /** by symbol */
  readonly coins: ReadonlyMap<string, CoinSummary>;
}

export interface CoinSummary {
  readonly status: "fresh" | "stale" | "left";
  /** why it isn't fresh; null where it is */
  readonly reason: string | null;
  readonly lastOpenTime: string;
  readonly missing: number;
}

export interface ManifestArchive {
  /** Published manifests from one back, newest first. Ends early where the chain is broken. */
  list(from: string, limit: number): Promise<ManifestSummary[]>;
  /** @returns null if there is none, or it is broken */
  read(version: string): Promise<Manifest | null>;
}

/** So many summaries are kept in memory. */
const KEPT = 400;

/** Published manifests of the store. A manifest never changes, so what was read of one is kept. */
export function createManifestArchive(reader: ObjectReader): ManifestArchive {
  const known = new Map<string, ManifestSummary>();
  const read = async (version: string): Promise<Manifest | null> => {
    try {
      return await readManifest(reader, version);
    } catch (error) {
      if (isLasting(error)) return null;
      throw error;
    }
  };
  const summary = async (version: string): Promise<ManifestSummary | null> => {
    const found = known.get(version);
    if (found) return found;
    const manifest = await read(version);
    if (!manifest) return null;
    const made = summarise(manifest);
    known.set(version, made);
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break;
      known.delete(oldest);
    }
    return made;
  };
  return {
    read,
    async list(from, limit) {
      const found: ManifestSummary[] = [];
      for await (const { manifest } of walk(from, summary)) {
        if (!manifest) break;
        found.push(manifest);
        if (found.length === limit) break;
      }
      return found;
    },
  };
}

function summarise({ symbols, ...manifest }: Manifest): ManifestSummary {
  const { version, previous, createdAt, asOf, interval, horizon, codeVersion, workflow, rollback = null } = manifest;
  const coins = new Map(
    Object.values(symbols).map((entry): [string, CoinSummary] => {
      const { lastOpenTime, missing } = entry.candles;
      const status = hasLeftUniverse(entry) ? "left" : entry.status;
      return [entry.symbol, { status, reason: entry.staleReason, lastOpenTime, missing }];
    }),
  );
  return { version, previous, createdAt, asOf, interval, horizon, codeVersion, workflow, rollback, coins };
}
