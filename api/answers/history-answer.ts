import { z } from "@hono/zod-openapi";
import {
  Bool,
  type DataType,
  Float64,
  Int32,
  RecordBatchStreamWriter,
  Table,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { type HistoryRow, historyRowSchema } from "../../core/scoring/history-rows.ts";
import { quoteOf } from "../../core/vocabulary/quote.ts";
import { horizonSchema, intervalSchema } from "../../core/vocabulary/schemas.ts";
import type { CoinHistory } from "../served/coin-history.ts";
import type { LoadedSymbol } from "../served/served.ts";
import { answerSchema, answerShape, answerValue } from "./answer-schema.ts";
import { components, entryHead, time, version } from "./schemas.ts";

export const historyAnswer = z
  .object({
    symbol: entryHead.symbol,
    simulated: entryHead.simulated,
    interval: intervalSchema,
    horizon: horizonSchema,
    quote: z.string().nullable(),
    manifest: version,
    rows: z.array(answerSchema(historyRowSchema, components)).openapi({ description: "a row per candle and forecast of it, oldest first" }),
    next: time.nullable().openapi({ description: "`before` of the page with older candles; null: there are none" }),
  })
  .openapi("History");

export function describeHistory(
  { entry, manifest, row, horizon }: LoadedSymbol,
  { rows, next }: CoinHistory,
): z.infer<typeof historyAnswer> {
  return {
    symbol: entry.symbol,
    simulated: entry.simulated,
    interval: row.interval,
    horizon,
    quote: quoteOf(entry.source),
    manifest: manifest.version,
    rows: answerValue(z.array(historyRowSchema), [...rows]),
    next: next === null ? null : new Date(next).toISOString(),
  };
}

type Field = keyof HistoryRow;
const FIELDS = Object.keys(historyRowSchema.shape) as Field[];
/** The columns of CSV and Arrow: the fields of a row, by the names that JSON has for them. */
const COLUMNS = Object.keys(answerShape(historyRowSchema));

const TIMES: readonly Field[] = ["openTime", "closeTime", "publishedAt"];
const TEXTS: readonly Field[] = ["origin", "task", "model", "scope", "withheldReasons", "manifest"];
const FLAGS: readonly Field[] = ["served", "withinInterval"];

/** Rows as CSV, with a head; null is an empty cell. */
export function historyCsv(rows: readonly HistoryRow[]): string {
  const cell = (value: unknown) => (value === null ? "" : typeof value === "string" && value.includes(",") ? `"${value}"` : String(value));
  return [COLUMNS.join(","), ...rows.map((row) => FIELDS.map((field) => cell(row[field])).join(","))].join("\r\n").concat("\r\n");
}

/** Rows as an Arrow stream. */
export function historyArrow(rows: readonly HistoryRow[]): Uint8Array<ArrayBuffer> {
  const columns = FIELDS.map((field, i) => {
    const values = rows.map((row) => (TIMES.includes(field) && row[field] !== null ? Date.parse(String(row[field])) : row[field]));
    return [COLUMNS[i], vectorFromArray(values, typeOf(field))] as const;
  });
  return new Uint8Array(RecordBatchStreamWriter.writeAll(new Table(Object.fromEntries(columns))).toUint8Array(true));
}

function typeOf(field: Field): DataType {
  if (TIMES.includes(field)) return new TimestampMillisecond("UTC");
  if (TEXTS.includes(field)) return new Utf8();
  if (FLAGS.includes(field)) return new Bool();
  return field === "scoring" ? new Int32() : new Float64();
}
