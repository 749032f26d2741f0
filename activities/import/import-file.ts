import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { acceptedRows, addCounts, type IngestCounts, NO_COUNTS, sumOf, withOutdated } from "../../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { NOTHING_UPSERTED, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run, StepHeartbeat } from "../heartbeat.ts";
import { candleBatches, cleanBatch } from "./candle-batches.ts";
import { fileState } from "./file-state.ts";
import type { InspectedFile } from "./inspect-file.ts";
import { findOtherCoins } from "./other-coins.ts";

const MAX_REJECTED = 5;
const MAX_SYMBOLS = 20;

export interface ImportedFile {
  readonly file: string;
  /** As a sentence; null where candles arrived. */
  readonly error: string | null;
  /** As a sentence, where many rows were refused; else null. */
  readonly warning: string | null;
  /** The first of its symbols. */
  readonly symbols: readonly string[];
  readonly interval: Interval | null;
  readonly counts: IngestCounts;
  /** The first rows that were refused as wrong: symbol, open time and reason. */
  readonly rejectedRows: readonly string[];
}

type ImportHeartbeat = StepHeartbeat & { readonly counts: ImportedFile["counts"]; readonly rejectedRows: readonly string[] };

/**
 * Stores a file's candles by the same rules as a source's, some thousand rows at a time. Nothing is stored of a symbol whose candles are
 * not of the stored coin. A second run stores nothing more; a retry continues from the last heartbeat.
 *
 * @throws {InvalidInputError} if the file has changed since it was inspected
 */
export async function importFile(deps: ActivityDependencies, inspected: InspectedFile, run: Run): Promise<ImportedFile> {
  const { file, interval, rows: total, listedFrom } = inspected;
  if ((await fileState(file)).mark !== inspected.mark) throw new InvalidInputError(`${file} changed during its import; import it again`);
  const resumed = run.lastProgress as ImportHeartbeat | null;
  const others = await findOtherCoins(deps, inspected, run.signal);
  let counts = resumed?.counts ?? NO_COUNTS;
  let rejectedRows = resumed?.rejectedRows ?? [];
  for await (const { seen, bySymbol } of candleBatches(inspected, resumed?.done ?? 0)) {
    run.signal.throwIfAborted();
    for (const [symbol, rows] of bySymbol) {
      if (others.has(symbol)) {
        counts = addCounts(counts, { ...NO_COUNTS, received: rows.length, rejected: { [OTHER_COIN]: rows.length } });
        continue;
      }
      const cleaned = cleanBatch(symbol, rows, inspected, deps.now());
      const { added, revised, outdated } = cleaned.series.length > 0 ? await upsertCandles(deps.store, cleaned.series) : NOTHING_UPSERTED;
      const dropped = withOutdated(cleaned.dropped, outdated);
      counts = addCounts(counts, { requests: 0, received: rows.length, added, revised, dropped, rejected: cleaned.rejected });
      const refused = cleaned.rejectedRows.map(({ openTime, reason }) => `${symbol} ${timeText(openTime)}: ${reason}`);
      rejectedRows = [...rejectedRows, ...refused].slice(0, MAX_REJECTED);
    }
    run.progress({ label: file, done: seen, total, counts, rejectedRows } satisfies ImportHeartbeat as StepHeartbeat);
  }
  const symbols = Object.keys(listedFrom).slice(0, MAX_SYMBOLS);
  return { file, ...judge(file, counts, others), symbols, interval, counts, rejectedRows };
}

/** Why rows are refused whose symbol has stored candles of another coin, currency or unit. */
const OTHER_COIN = "other-coin";

/** From this share of refused rows on, it is told first. */
const LARGE_SHARE = 0.1;

/** Whether candles arrived: rows that were none, or refused, all together are a failure. */
function judge(file: string, counts: IngestCounts, others: ReadonlyMap<string, string>): Pick<ImportedFile, "error" | "warning"> {
  const { received, dropped, rejected } = counts;
  const reasons = (by: IngestCounts["rejected"]) => [
    Object.entries(by)
      .map(([reason, n]) => `${n} ${reason}`)
      .join(", "),
    ...[...others].map(([symbol, reason]) => `${symbol}: ${reason}`),
  ];
  if (acceptedRows(counts) === 0) {
    const told = reasons({ ...dropped, ...rejected }).join("; ");
    return { error: `${file}: none of its ${received} rows is a candle that can be stored: ${told}`, warning: null };
  }
  const refused = sumOf(rejected);
  const isTold = refused >= received * LARGE_SHARE || others.size > 0;
  return { error: null, warning: isTold ? `${file}: ${refused} of ${received} rows were refused: ${reasons(rejected).join("; ")}` : null };
}

function timeText(openTime: number): string {
  return Number.isFinite(openTime) ? new Date(openTime).toISOString().slice(0, 16) : "at no time";
}
