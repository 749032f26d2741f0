import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { addCounts, type IngestCounts, NO_COUNTS, withOutdated } from "../../core/vocabulary/ingest-counts.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import { dataRows } from "../../sources/files/inspect-rows.ts";
import { type FileRow, openTimeOf, readRow } from "../../sources/files/read-row.ts";
import { NOTHING_UPSERTED, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run, StepHeartbeat } from "../heartbeat.ts";
import { fileState } from "./file-state.ts";
import type { InspectedFile } from "./inspect-file.ts";
import { openTable } from "./open-table.ts";

/** Rows held in memory before they are cleaned and stored. */
const BATCH = 20_000;
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
 * Stores a file's candles by the same rules as a source's, some thousand rows at a time. A second run stores nothing more; a
 * retry continues from the last heartbeat.
 *
 * @throws {InvalidInputError} if the file has changed since it was inspected
 */
export async function importFile({ store, now }: ActivityDependencies, inspected: InspectedFile, run: Run): Promise<ImportedFile> {
  const { file, shape, interval, rows: total, listedFrom } = inspected;
  if ((await fileState(file)).mark !== inspected.mark) throw new InvalidInputError(`${file} changed during its import; import it again`);
  const resumed = run.lastProgress as ImportHeartbeat | null;
  let counts = resumed?.counts ?? NO_COUNTS;
  let rejectedRows = resumed?.rejectedRows ?? [];
  let seen = 0;
  let batch: FileRow[] = [];
  const flush = async () => {
    for (const [symbol, part] of groupBySymbol(batch)) {
      const cleaned = cleanCandles(part, {
        symbol,
        interval,
        asOf: inspected.asOf,
        source: inspected.source,
        fetchedAt: inspected.fetchedAt,
        listedFrom: listedFrom[symbol],
      });
      const { added, revised, outdated } =
        cleaned.series.length > 0 ? await upsertCandles(store, withOrigin(cleaned.series, part, now())) : NOTHING_UPSERTED;
      const dropped = withOutdated(cleaned.dropped, outdated);
      counts = addCounts(counts, { requests: 0, received: part.length, added, revised, dropped, rejected: cleaned.rejected });
      const refused = cleaned.rejectedRows.map(({ openTime, reason }) => `${symbol} ${timeText(openTime)}: ${reason}`);
      rejectedRows = [...rejectedRows, ...refused].slice(0, MAX_REJECTED);
    }
    batch = [];
    run.progress({ label: file, done: seen, total, counts, rejectedRows } satisfies ImportHeartbeat as StepHeartbeat);
  };
  for await (const row of dataRows((await openTable(file)).rows(), shape)) {
    run.signal.throwIfAborted();
    seen++;
    if (seen <= (resumed?.done ?? 0)) continue;
    const read = readRow(row, inspected);
    const candle = { ...read, openTime: openTimeOf(read.openTime, shape, interval) };
    // Neighbouring rows of the same candle must be in one batch.
    if (batch.length >= BATCH && batch[batch.length - 1].openTime !== candle.openTime) {
      seen--;
      await flush();
      seen++;
    }
    batch.push(candle);
  }
  if (batch.length > 0) await flush();
  return { file, ...judge(file, counts), symbols: Object.keys(listedFrom).slice(0, MAX_SYMBOLS), interval, counts, rejectedRows };
}

/** From this share of refused rows on, it is told first. */
const LARGE_SHARE = 0.1;

/** Whether candles arrived: rows that were none, or refused, all together are a failure. */
function judge(file: string, { received, dropped, rejected }: IngestCounts): Pick<ImportedFile, "error" | "warning"> {
  const refused = sum(rejected);
  const reasons = (counts: IngestCounts["rejected"]) => Object.entries(counts).map(([reason, n]) => `${n} ${reason}`);
  const repeated = ["duplicate", "duplicate-differs", "outdated"].reduce((total, reason) => total + (dropped[reason] ?? 0), 0);
  if (refused + sum(dropped) - repeated === received)
    return {
      error: `${file}: none of its ${received} rows is a candle that can be stored: ${reasons({ ...dropped, ...rejected }).join(", ")}`,
      warning: null,
    };
  const isLarge = refused >= received * LARGE_SHARE;
  return { error: null, warning: isLarge ? `${file}: ${refused} of ${received} rows were refused: ${reasons(rejected).join(", ")}` : null };
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, n) => total + n, 0);
}

function groupBySymbol(rows: readonly FileRow[]): Map<string, FileRow[]> {
  const groups = new Map<string, FileRow[]>();
  for (const row of rows) {
    const group = groups.get(row.symbol);
    if (group) group.push(row);
    else groups.set(row.symbol, [row]);
  }
  return groups;
}

/** Candles that were exported from a store keep their source and fetch time, at most now: later ones could never be revised. */
function withOrigin(series: CandleSeries, rows: readonly FileRow[], now: number): CandleSeries {
  const origins = new Map(rows.map(({ openTime, origin }) => [openTime, origin]));
  const origin = (i: number) => origins.get(series.openTime[i]) ?? null;
  return {
    ...series,
    source: series.source.map((source, i) => origin(i)?.source ?? source),
    fetchedAt: series.fetchedAt.map((time, i) => Math.min(origin(i)?.fetchedAt ?? time, now)),
  };
}

function timeText(openTime: number): string {
  return Number.isFinite(openTime) ? new Date(openTime).toISOString().slice(0, 16) : "at no time";
}
