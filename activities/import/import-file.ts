import { open, stat } from "node:fs/promises";
import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { addCounts, NO_COUNTS } from "../../core/vocabulary/ingest-counts.ts";
import { csvRows } from "../../sources/files/csv-rows.ts";
import { dataRows, type FileFacts, inspectRows } from "../../sources/files/inspect-rows.ts";
import { type FileRow, openTimeOf, readRow } from "../../sources/files/read-row.ts";
import type { TableRows } from "../../sources/files/table.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { parquetRows } from "../../storage/parquet/parquet-rows.ts";
import type { ImportedFile, ImportInput, StepHeartbeat } from "../../workflows/contract.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { Run } from "../heartbeat.ts";

/** Rows held in memory before they are cleaned and stored. */
const BATCH = 20_000;
const MAX_REJECTED = 5;
const MAX_SYMBOLS = 20;
const PARQUET = Buffer.from("PAR1");

export interface InspectFileInput extends Omit<ImportInput, "files"> {
  readonly file: string;
  /** ISO 8601: the import's clock */
  readonly startedAt: string;
}

/** What the first reading of a file settled. */
export interface InspectedFile extends FileFacts {
  readonly file: string;
  readonly source: string;
  /** ms UTC: candles that closed later are left out */
  readonly asOf: number;
  /** ms UTC */
  readonly fetchedAt: number;
  /** Size and time of change: a second reading must find the same file. */
  readonly mark: string;
}

/**
 * Reads a file through and settles what it holds. Nothing is stored, so nothing of a damaged file is.
 *
 * @throws {InvalidInputError} if the file can't be read
 * @throws {InvalidCandleError} naming file, line and reason, if something in it could only be guessed
 */
export async function inspectFile(deps: ActivityDependencies, input: InspectFileInput): Promise<InspectedFile> {
  const { file, startedAt, source = "file" } = input;
  const { mark, changedAt } = await look(file);
  const startedMs = Math.min(Date.parse(startedAt), deps.now());
  const facts = await inspectRows(file, await opener(file), { symbol: input.symbol, interval: input.interval, dateOrder: input.dateOrder });
  // A file can't hold the close of a candle that closed after it was written; its name may tell when it was fetched.
  const named = timeInName(file);
  const fetchedAt = named !== null && named < startedMs ? named : startedMs;
  const asOf = Math.min(fetchedAt, changedAt, input.asOf ? Date.parse(input.asOf) : Number.POSITIVE_INFINITY);
  return { ...facts, file, source, asOf, fetchedAt, mark };
}

type ImportHeartbeat = StepHeartbeat & { readonly counts: ImportedFile["counts"]; readonly rejectedRows: readonly string[] };

/**
 * Stores a file's candles by the same rules as a source's, some thousand rows at a time. A second run stores nothing more;
 * one that was cut off goes on where it last reported.
 *
 * @throws {InvalidInputError} if the file has changed since it was inspected
 */
export async function importFile({ store, now }: ActivityDependencies, inspected: InspectedFile, run: Run): Promise<ImportedFile> {
  const { file, shape, interval, rows: total, listedFrom } = inspected;
  if ((await look(file)).mark !== inspected.mark) throw new InvalidInputError(`${file} has changed while it was imported: import it again`);
  const resumed = run.lastReport as ImportHeartbeat | null;
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
      const stored =
        cleaned.series.length > 0 ? await upsertCandles(store, withOrigin(cleaned.series, part, now())) : { added: 0, revised: 0 };
      const { dropped, rejected } = cleaned;
      counts = addCounts(counts, { requests: 0, received: part.length, ...stored, dropped, rejected });
      const told = cleaned.rejectedRows.map(({ openTime, reason }) => `${symbol} ${timeText(openTime)}: ${reason}`);
      rejectedRows = [...rejectedRows, ...told].slice(0, MAX_REJECTED);
    }
    batch = [];
    run.report({ label: file, done: seen, total, counts, rejectedRows } satisfies ImportHeartbeat as StepHeartbeat);
  };
  for await (const row of dataRows((await opener(file))(), shape)) {
    run.signal.throwIfAborted();
    seen++;
    if (seen <= (resumed?.done ?? 0)) continue;
    const read = readRow(row, inspected);
    const candle = { ...read, openTime: openTimeOf(read.openTime, shape, interval) };
    // Neighbours that tell the same candle are judged together.
    if (batch.length >= BATCH && batch[batch.length - 1].openTime !== candle.openTime) {
      seen--;
      await flush();
      seen++;
    }
    batch.push(candle);
  }
  if (batch.length > 0) await flush();
  return { file, error: null, symbols: Object.keys(listedFrom).slice(0, MAX_SYMBOLS), interval, counts, rejectedRows };
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

/** Candles that were exported from a store keep their source and the time of their fetch; one in the future could never be revised. */
function withOrigin(series: CandleSeries, rows: readonly FileRow[], now: number): CandleSeries {
  const origins = new Map(rows.map(({ openTime, origin }) => [openTime, origin]));
  const origin = (i: number) => origins.get(series.openTime[i]) ?? null;
  return {
    ...series,
    source: series.source.map((source, i) => origin(i)?.source ?? source),
    fetchedAt: series.fetchedAt.map((time, i) => Math.min(origin(i)?.fetchedAt ?? time, now)),
  };
}

async function look(file: string): Promise<{ mark: string; changedAt: number }> {
  try {
    const info = await stat(file);
    if (!info.isFile()) throw new InvalidInputError(`${file} is no file`);
    return { mark: `${info.size} ${info.mtimeMs}`, changedAt: info.mtimeMs };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!code) throw error;
    throw new InvalidInputError(`${file} can't be read (${code}); it is the worker that reads it, so it must be there for the worker`);
  }
}

/** A way to read the rows from the beginning, by what the file's first bytes say it is. */
async function opener(file: string): Promise<() => TableRows> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${file} can't be read (${error.code})`);
  });
  const { buffer } = await handle.read(Buffer.alloc(PARQUET.length), 0, PARQUET.length, 0).finally(() => handle.close());
  return buffer.equals(PARQUET) ? () => parquetRows(file) as TableRows : () => csvRows(file);
}

/** A UTC time in a file's name, like `03_20251116T0949Z_1m.csv.gz`. */
function timeInName(file: string): number | null {
  const found = /(?:^|[^0-9])(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z[^/]*$/.exec(file);
  if (!found) return null;
  const [, year, month, day, hour, minute, second = "00"] = found;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}

function timeText(openTime: number): string {
  return Number.isFinite(openTime) ? new Date(openTime).toISOString().slice(0, 16) : "at no time";
}
