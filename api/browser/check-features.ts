import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { decodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { partsOf } from "../../storage/layout.ts";
import type { CheckedFiles } from "./check-files.ts";
import { compareFeatures } from "./compare-features.ts";
import { remakeFeatures } from "./remake-features.ts";
import { compared, type Step, unchecked } from "./step.ts";

/**
 * Makes an entry's features again from its candles, and compares them with its feature file.
 *
 * @returns the step, and the features that the rest is made from: those made again, or else the stored ones
 */
export async function checkFeatures(
  entry: SymbolEntry,
  { candles, features }: { readonly candles: CheckedFiles; readonly features: CheckedFiles },
): Promise<{ step: Step; matrix: FeatureMatrix | null }> {
  const name = "features";
  const what = "every feature, made again from the candles, against the feature file";
  const { objects } = entry.candles;
  const file = features.files.get(entry.features.key);
  let stored: FeatureMatrix | null = null;
  try {
    stored = file ? decodeFeatures(file) : null;
    const interval = objects.length > 0 ? partsOf("candles", objects[0].key)?.interval : undefined;
    if (!interval || candles.files.size < objects.length)
      return { step: unchecked(name, what, "The candles aren't all there, so the rest is made from the feature file."), matrix: stored };
    const made = await remakeFeatures(entry, { files: candles.files, interval });
    if (!stored)
      return {
        step: unchecked(name, what, "The feature file isn't the published one, so the rest is made from the candles."),
        matrix: made,
      };
    const values = made.openTime.length * (made.columns.length + 3);
    const sentence = `${made.openTime.length} rows, ${values} values, made again from the candles, against the feature file`;
    return { step: compared(name, sentence, compareFeatures(entry.features.key, stored, made)), matrix: made };
  } catch (error) {
    const difference = { of: entry.features.key, expected: "features", found: (error as Error).message };
    return { step: compared(name, what, [difference]), matrix: stored };
  }
}
