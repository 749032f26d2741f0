import { z } from "zod";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import { horizonSchema, intervalSchema, textSchema } from "../vocabulary/schemas.ts";

const made = z.strictObject({ interval: intervalSchema, horizon: horizonSchema });

export const stalenessSchema = z
  .discriminatedUnion("code", [
    z.strictObject({ code: z.literal("run_failed"), error: textSchema.nullable() }),
    z.strictObject({
      code: z.literal("left_universe"),
      rank: z.int().min(1).nullable().describe("null: not ranked at all"),
      top: z.int().min(1),
      by: textSchema,
      source: textSchema,
    }),
    z.strictObject({ code: z.literal("other_settings"), made, runs: made }),
    z.strictObject({ code: z.literal("candles_ended"), lastOpenTime: textSchema, missing: z.int().min(1), source: textSchema }),
    z.strictObject({ code: z.literal("unknown") }),
  ])
  .describe(
    "run_failed: the newest run failed for the symbol; left_universe: the coin is no longer among the largest, so no run will refresh it; other_settings: runs now have another interval or horizon; candles_ended: its source has had no newer candle for a while; unknown: an older manifest doesn't tell",
  );
/** Why an entry is stale. */
export type Staleness = DeepReadonly<z.infer<typeof stalenessSchema>>;

/** Only an older manifest leaves the reason unknown. */
type KnownStaleness = Exclude<Staleness, { readonly code: "unknown" }>;

interface StaleFields {
  readonly symbol: string;
  readonly status: "fresh" | "stale";
  readonly staleReason: string | null;
  readonly stale?: Staleness | undefined;
}

/** The entry as a stale one, with the reason as a value and as a sentence. */
export function markStale<E extends StaleFields>(entry: E, stale: KnownStaleness): E {
  return { ...entry, status: "stale", staleReason: staleSentence(entry.symbol, stale), stale };
}

/** The entry as a fresh one. */
export function markFresh<E extends StaleFields>({ stale: _, ...entry }: E): Omit<E, "stale"> {
  return { ...entry, status: "fresh", staleReason: null };
}

/** Whether a coin is stale only because it left the universe: nothing failed, and no run will refresh it. */
export function hasLeftUniverse({ status, stale }: Pick<StaleFields, "status" | "stale">): boolean {
  return status === "stale" && stale?.code === "left_universe";
}

function staleSentence(symbol: string, stale: KnownStaleness): string | null {
  switch (stale.code) {
    case "run_failed":
      return stale.error;
    case "left_universe": {
      const { rank, top, by, source } = stale;
      const place = rank === null ? `${source} ranks it no longer` : `it is number ${rank}`;
      return `${symbol} has left the ${top} largest coins by ${by} at ${source}: ${place}`;
    }
    case "candles_ended": {
      const { lastOpenTime, missing, source } = stale;
      return `its newest candle is of ${lastOpenTime.slice(0, 16)}: ${source} has had none of the ${missing} since then`;
    }
    case "other_settings": {
      const { made, runs } = stale;
      return `made for ${made.horizon} × ${made.interval}; runs are now for ${runs.horizon} × ${runs.interval}`;
    }
  }
}

/** For entries of manifests that have the sentence only: this is the one place that reads it. */
export function withFormerStaleness<E extends StaleFields>(entry: E): E {
  if (entry.status === "fresh" || entry.stale) return entry;
  const found = /^\S+ has left the (\d+) largest coins by (.+) at (.+): (?:it is number (\d+)|\3 ranks it no longer)$/.exec(
    entry.staleReason ?? "",
  );
  if (!found) return { ...entry, stale: { code: "unknown" } };
  const [, top, by, source, rank] = found;
  return { ...entry, stale: { code: "left_universe", rank: rank === undefined ? null : Number(rank), top: Number(top), by, source } };
}
