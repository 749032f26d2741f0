/** What coins can be ranked by. */
export type RankedBy = "market cap" | "quote volume";

/** The coins of a run that asked for the largest ones. */
export interface Universe {
  /** how many were asked for */
  readonly top: number;
  readonly source: string;
  readonly by: RankedBy;
  /** ISO 8601: when they were ranked. */
  readonly rankedAt: string;
  /** Largest first, without the symbols that were named besides. */
  readonly symbols: readonly string[];
  /** Why the ranking could not be had, so that coins of the newest manifest were taken instead; null where it could. */
  readonly problem: string | null;
  /** Coins of the newest manifest that this run leaves out, with their rank; null: not among the ranked coins at all. */
  readonly left: readonly { readonly symbol: string; readonly rank: number | null }[];
}
