import { z } from "zod";
import { jumpText } from "../candles/suspect-jump-text.ts";
import type { SymbolEntry } from "../manifests/manifest.ts";
import type { Model } from "../models/model.ts";
import { measureNovelty } from "../models/predict-model.ts";
import { isTooLate, lateCandles, type ManifestTimes } from "./candle-age.ts";
import type { NewestRow } from "./newest-row.ts";
import { servedInterval } from "./served-answers.ts";
import { areEnough, countKnown, hasVolatility } from "./usable-row.ts";
import { WITHHOLDING_REASONS, type WithholdingReason } from "./withholding.ts";

export const warningSchema = z.strictObject({
  code: z
    .enum(["target_already_closed", "stale_entry", "older_manifest", "simulated", "suspect_jump", ...WITHHOLDING_REASONS])
    .describe("a reason for withholding an answer has its own code here"),
  detail: z.string(),
});
export type Warning = Readonly<z.infer<typeof warningSchema>>;

export interface WarningInput {
  readonly manifest: ManifestTimes;
  /** version of the newest manifest, where files of this coin in it can't be read and `manifest` is an older one */
  readonly insteadOf: string | null;
  readonly entry: SymbolEntry;
  readonly row: NewestRow;
  /** fitted models by the key of their file */
  readonly models: ReadonlyMap<string, Model>;
  /** when the target candle closes, ms UTC */
  readonly targetClose: number;
  /** ms UTC */
  readonly now: number;
}

/** Everything that a caller should know before relying on a prediction. */
export function findWarnings({ manifest, insteadOf, entry, row, models, targetClose, now }: WarningInput): Warning[] {
  const warnings: Warning[] = [];
  if (entry.simulated) warnings.push({ code: "simulated", detail: `${entry.symbol} is a simulated coin; its prices are made up.` });
  if (entry.status === "stale")
    warnings.push({ code: "stale_entry", detail: entry.staleReason ?? "The newest run failed for this symbol." });
  if (insteadOf !== null) {
    const detail = `Files of ${entry.symbol} in the newest manifest, ${insteadOf}, can't be read: this answer is an older manifest's.`;
    warnings.push({ code: "older_manifest", detail });
  }
  for (const jump of entry.candles.suspectJumps ?? [])
    warnings.push({ code: "suspect_jump", detail: `${entry.symbol} at ${jumpText(jump)}.` });
  if (targetClose <= now) {
    const closed = new Date(targetClose).toISOString();
    warnings.push({ code: "target_already_closed", detail: `The predicted candle closed at ${closed}: newer candles are missing here.` });
  }
  const late = lateCandles(manifest, row, now);
  if (isTooLate(late)) {
    const detail = `The newest known candle is ${late} candles older than the newest that has closed.`;
    warnings.push({ code: "stale_candles", detail });
  }
  const interval = servedInterval(entry.models);
  if (interval && interval.q === null) {
    const detail = interval.reason ?? "Too few past errors are known to tell how far the prediction may be off.";
    warnings.push({ code: "too_little_history", detail });
  }
  const input = findMissingFeatures(row) ?? findNovelty(entry, row, models);
  return input ? [...warnings, input] : warnings;
}

/** The reasons for withholding among the warnings, in the order of {@link WITHHOLDING_REASONS}. */
export function withholdingReasons(warnings: readonly Warning[]): WithholdingReason[] {
  const codes = new Set<string>(warnings.map(({ code }) => code));
  return WITHHOLDING_REASONS.filter((reason) => codes.has(reason));
}

function findMissingFeatures({ volatility, columns }: NewestRow): Warning | null {
  if (!hasVolatility(volatility))
    return { code: "missing_features", detail: "The recent volatility is unknown, so no prediction can be scaled." };
  const known = countKnown(columns, 0);
  if (areEnough(known, columns.length)) return null;
  return { code: "missing_features", detail: `Only ${known} of ${columns.length} features of the newest candle are known.` };
}

function findNovelty({ models: entries }: SymbolEntry, row: NewestRow, models: WarningInput["models"]): Warning | null {
  for (const { file, name } of entries) {
    const model = file && models.get(file.key);
    if (!model) continue;
    const { distance, threshold } = measureNovelty(model, row, 0);
    if (!(distance > threshold)) continue;
    const detail = `The newest candle lies outside what ${name} saw in training: distance ${distance.toFixed(2)}, known up to ${threshold.toFixed(2)}.`;
    return { code: "novel_input", detail };
  }
  return null;
}
