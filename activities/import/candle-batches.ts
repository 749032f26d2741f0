import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { type CleanResult, cleanCandles } from "../../core/candles/clean-candles.ts";
import { dataRows } from "../../sources/files/inspect-rows.ts";
import { type FileRow, openTimeOf, readRow } from "../../sources/files/read-row.ts";
import type { InspectedFile } from "./inspect-file.ts";
import { openTable } from "./open-table.ts";

/** Rows held in memory before they are cleaned. */
const BATCH = 20_000;

/** Rows of a file, some thousand at a time. */
export interface CandleBatch {
  /** Rows of the file up to the end of this batch. */
  readonly seen: number;
  readonly bySymbol: ReadonlyMap<string, readonly FileRow[]>;
}

/** Reads a file that was inspected. @param skip rows at its beginning that are left out */
export async function* candleBatches(inspected: InspectedFile, skip = 0): AsyncGenerator<CandleBatch> {
  const { file, shape, interval } = inspected;
  let seen = 0;
  let batch: FileRow[] = [];
  for await (const row of dataRows((await openTable(file)).rows(), shape)) {
    seen++;
    if (seen <= skip) continue;
    const read = readRow(row, inspected);
    const candle = { ...read, openTime: openTimeOf(read.openTime, shape, interval) };
    // Neighbouring rows of the same candle must be in one batch.
    if (batch.length >= BATCH && batch[batch.length - 1].openTime !== candle.openTime) {
      yield { seen: seen - 1, bySymbol: Map.groupBy(batch, ({ symbol }) => symbol) };
      batch = [];
    }
    batch.push(candle);
  }
  if (batch.length > 0) yield { seen, bySymbol: Map.groupBy(batch, ({ symbol }) => symbol) };
}

/**
 * One symbol's rows of a batch by the rules that hold for sources.
 *
 * @param now ms UTC
 */
export function cleanBatch(symbol: string, rows: readonly FileRow[], inspected: InspectedFile, now: number): CleanResult {
  const { interval, asOf, source, fetchedAt, listedFrom } = inspected;
  const cleaned = cleanCandles(rows, { symbol, interval, asOf, source, fetchedAt, listedFrom: listedFrom[symbol] });
  return { ...cleaned, series: withOrigin(cleaned.series, rows, now) };
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
