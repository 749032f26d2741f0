import { z } from "zod";

export const WITHHOLDING_REASONS = ["stale_candles", "novel_input", "missing_features", "too_little_history"] as const;

/** Why an answer is withheld. */
export const withholdingReasonSchema = z
  .enum(WITHHOLDING_REASONS)
  .describe(
    "stale_candles: the newest candle is older than it should be by now; novel_input: that candle lies outside what the models saw; missing_features: too little is known of that candle; too_little_history: too few past errors are known to tell how far the prediction may be off. The warning of the same code has the details",
  );
export type WithholdingReason = z.infer<typeof withholdingReasonSchema>;

/** A baseline needs nothing of the newest candle except that it is new. */
const HOLD_BASELINES: readonly WithholdingReason[] = ["stale_candles"];

/**
 * The reasons that hold back a champion's answer.
 *
 * @param value the champion's forecast; null where it is undefined
 * @param found reasons that apply to the symbol's answers of this task
 */
export function reasonsAgainstChampion(value: number | null, found: readonly WithholdingReason[]): readonly WithholdingReason[] {
  return value === null && found.length === 0 ? ["missing_features"] : found;
}

/** The reasons that hold back a baseline's answer. */
export function reasonsAgainstBaseline(found: readonly WithholdingReason[]): readonly WithholdingReason[] {
  return found.filter((reason) => HOLD_BASELINES.includes(reason));
}
