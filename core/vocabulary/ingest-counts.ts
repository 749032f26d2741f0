/** What one ingestion received and stored. */
export interface IngestCounts {
  readonly requests: number;
  readonly received: number;
  /** Candles new to the store. */
  readonly added: number;
  /** Candles whose stored values were replaced by newer ones. */
  readonly revised: number;
  /** Rows that carry no candle, or none that was taken, by reason (`before-listing`, `not-closed`, `duplicate`, `outdated` …). */
  readonly dropped: Readonly<Record<string, number>>;
  /** Rows refused as wrong, by reason (`price-not-positive`, `future`, `off-grid` …). */
  readonly rejected: Readonly<Record<string, number>>;
}

export const NO_COUNTS: IngestCounts = { requests: 0, received: 0, added: 0, revised: 0, dropped: {}, rejected: {} };

/** Sum of two counts, reason by reason. */
export function addCounts(a: IngestCounts, b: IngestCounts): IngestCounts {
  return {
    requests: a.requests + b.requests,
    received: a.received + b.received,
    added: a.added + b.added,
    revised: a.revised + b.revised,
    dropped: addByReason(a.dropped, b.dropped),
    rejected: addByReason(a.rejected, b.rejected),
  };
}

function addByReason(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [reason, n] of Object.entries(b)) sum[reason] = (sum[reason] ?? 0) + n;
  return sum;
}

/** Reasons among `dropped` of rows whose candle is stored by another row. */
const REPEATED: readonly string[] = ["duplicate", "duplicate-differs", "outdated"];

/** Rows that are a candle which is stored now, by this row or by another one. */
export function acceptedRows({ received, dropped, rejected }: IngestCounts): number {
  const repeated = REPEATED.reduce((total, reason) => total + (dropped[reason] ?? 0), 0);
  return received - sumOf(rejected) - sumOf(dropped) + repeated;
}

/** All rows, whatever their reason. */
export function sumOf(byReason: Readonly<Record<string, number>>): number {
  return Object.values(byReason).reduce((total, n) => total + n, 0);
}

/** What became of the rows of one page. */
export type CandleCounts = Pick<IngestCounts, "added" | "revised" | "dropped" | "rejected">;

/** Rows that were not taken, because other values are known from a later fetch, or of the same time, as a reason among `dropped`. */
export function withOutdated(dropped: IngestCounts["dropped"], outdated: number): IngestCounts["dropped"] {
  return outdated > 0 ? { ...dropped, outdated: (dropped.outdated ?? 0) + outdated } : dropped;
}
