import type { CandleSeries } from "../../core/candles/candle-series.ts";
import { concatSeries } from "../../core/candles/series-verbs.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { type ColumnSpec, type ParquetColumn, streamParquet } from "../parquet/parquet.ts";
import { arrowFile } from "./candle-arrow.ts";
import { CANDLE_COLUMNS, candleColumns } from "./candle-file.ts";
import { eachPartition } from "./candle-store.ts";

export const EXPORT_FORMATS = ["csv", "parquet", "arrow"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportRequest {
  readonly symbols: readonly string[];
  readonly interval: Interval;
  readonly range: TimeRange;
  readonly format: ExportFormat;
}

/** The columns of a candle file, and the interval, which a candle file has in its path only. */
const COLUMNS: readonly ColumnSpec[] = [
  CANDLE_COLUMNS[0],
  { name: "interval", type: "string", nullable: false },
  ...CANDLE_COLUMNS.slice(1),
];

/** Rows per row group or record batch. */
const CHUNK = 20_000;

/**
 * Stored candles as the bytes of one file: symbol by symbol, in order of time, with some thousand rows in memory at a time.
 *
 * @param onRows is called with the number of rows that each piece adds
 */
export function exportCandles(
  reader: ObjectReader,
  request: ExportRequest,
  onRows: (rows: number) => void = () => {},
): AsyncIterable<Uint8Array> {
  const chunks = chunked(reader, request, onRows);
  const format: Record<ExportFormat, () => AsyncIterable<Uint8Array>> = {
    csv: () => csvFile(chunks),
    parquet: () => streamParquet(COLUMNS, chunks),
    arrow: () => arrowFile(COLUMNS, chunks),
  };
  return format[request.format]();
}

async function* chunked(
  reader: ObjectReader,
  { symbols, interval, range }: ExportRequest,
  onRows: (rows: number) => void,
): AsyncGenerator<ParquetColumn[]> {
  for (const symbol of symbols) {
    let waiting: CandleSeries[] = [];
    let rows = 0;
    const take = () => {
      const columns = withInterval(concatSeries({ symbol, interval }, waiting));
      onRows(rows);
      waiting = [];
      rows = 0;
      return columns;
    };
    for await (const part of eachPartition(reader, symbol, interval, range)) {
      waiting.push(part);
      rows += part.length;
      if (rows >= CHUNK) yield take();
    }
    if (rows > 0) yield take();
  }
}

function withInterval(series: CandleSeries): ParquetColumn[] {
  const [symbol, ...others] = candleColumns(series);
  return [symbol, { ...COLUMNS[1], data: new Array<string>(series.length).fill(series.interval) }, ...others];
}

/** Times as ISO 8601, doubles with all their digits, unknown values empty. */
async function* csvFile(chunks: AsyncIterable<readonly ParquetColumn[]>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(`${COLUMNS.map(({ name }) => name).join(",")}\n`);
  for await (const columns of chunks) {
    const lines: string[] = [];
    for (let i = 0; i < columns[0].data.length; i++)
      lines.push(columns.map(({ type, data }) => csvValue(type, data[i] as string | number)).join(","));
    yield encoder.encode(`${lines.join("\n")}\n`);
  }
}

function csvValue(type: ColumnSpec["type"], value: string | number): string {
  if (type === "timestamp") return new Date(value).toISOString();
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
