import { z } from "zod";
import { championOf } from "../serving/champion.ts";
import type { DeepReadonly } from "../vocabulary/deep-readonly.ts";
import { modelNameSchema, nullableNumberSchema, symbolSchema } from "../vocabulary/schemas.ts";
import { type Manifest, type SymbolEntry, symbolEntrySchema, versionSchema } from "./manifest.ts";

const sideSchema = z.strictObject({
  status: symbolEntrySchema.shape.status,
  priceChampion: modelNameSchema.nullable().describe("null: no model has skill"),
  directionChampion: modelNameSchema.nullable().describe("null: no model has skill"),
  skill: nullableNumberSchema.describe("of the price's champion on this coin; null where there is none"),
  lastOpenTime: symbolEntrySchema.shape.candles.shape.lastOpenTime,
  trainingDigest: symbolEntrySchema.shape.trainingDigest,
});

export const manifestComparisonSchema = z.strictObject({
  from: versionSchema,
  to: versionSchema,
  added: z.array(symbolSchema).describe("coins that only `to` has"),
  removed: z.array(symbolSchema).describe("coins that only `from` has"),
  changed: z
    .array(z.strictObject({ symbol: symbolSchema, retrained: z.boolean(), from: sideSchema, to: sideSchema }))
    .describe("coins whose entries differ in anything; retrained: by other models"),
  unchanged: z.array(symbolSchema),
});
export type ManifestComparison = DeepReadonly<z.infer<typeof manifestComparisonSchema>>;

/** What another manifest says otherwise, coin by coin. */
export function compareManifests(from: Manifest, to: Manifest): ManifestComparison {
  const both = Object.keys(to.symbols).filter((symbol) => from.symbols[symbol]);
  const differ = both.filter((symbol) => JSON.stringify(from.symbols[symbol]) !== JSON.stringify(to.symbols[symbol]));
  return {
    from: from.version,
    to: to.version,
    added: Object.keys(to.symbols).filter((symbol) => !from.symbols[symbol]),
    removed: Object.keys(from.symbols).filter((symbol) => !to.symbols[symbol]),
    changed: differ.map((symbol) => {
      const [before, after] = [from.symbols[symbol], to.symbols[symbol]];
      return { symbol, retrained: before.trainingDigest !== after.trainingDigest, from: sideOf(before), to: sideOf(after) };
    }),
    unchanged: both.filter((symbol) => !differ.includes(symbol)),
  };
}

function sideOf({ status, models, candles, trainingDigest }: SymbolEntry): ManifestComparison["changed"][number]["from"] {
  const champion = championOf(models, "regression");
  return {
    status,
    priceChampion: champion?.name ?? null,
    directionChampion: championOf(models, "classification")?.name ?? null,
    skill: champion?.skill.value ?? null,
    lastOpenTime: candles.lastOpenTime,
    trainingDigest,
  };
}
