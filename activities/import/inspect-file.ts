import type { Interval } from "../../core/vocabulary/interval.ts";
import type { VolumeUnit } from "../../sources/files/detect-shape.ts";
import { type FileFacts, inspectRows } from "../../sources/files/inspect-rows.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { fileState } from "./file-state.ts";
import { openTable } from "./open-table.ts";

export interface InspectFileInput {
  readonly file: string;
  /** ISO 8601: the import's clock */
  readonly startedAt: string;
  /** For a file without a column of symbols. */
  readonly symbol?: string;
  /** Default: the distance between rows. */
  readonly interval?: Interval;
  /** Recorded as the candles' source (default `file`). */
  readonly source?: string;
  readonly dateOrder?: "dmy" | "mdy";
  /** What the column of volumes counts, where the file does not say: coins, or dollars. */
  readonly volume?: VolumeUnit;
  /** ISO 8601: candles that closed later are left out. */
  readonly asOf?: string;
  /** How many files of the same import come after this one. Where two differ, the later one counts. */
  readonly filesAfter?: number;
}

/** What the first reading of a file settled. */
export interface InspectedFile extends FileFacts {
  readonly file: string;
  readonly source: string;
  /** ms UTC: candles that closed later are left out */
  readonly asOf: number;
  /** ms UTC */
  readonly fetchedAt: number;
  /** Size and time of the last change: the second reading must find the same file. */
  readonly mark: string;
}

/**
 * Reads a whole file and settles what it holds. It stores nothing, so a damaged file leaves nothing behind.
 *
 * @throws {InvalidInputError} if the file can't be read
 * @throws {InvalidCandleError} with file, line and reason, if the meaning of something in it would have to be guessed
 */
export async function inspectFile(deps: ActivityDependencies, input: InspectFileInput): Promise<InspectedFile> {
  const { file, startedAt, source = "file" } = input;
  const { mark, changedAt } = await fileState(file);
  // A millisecond between files that don't say when they were fetched, so that the order of their arrival doesn't matter.
  const startedMs = Math.min(Date.parse(startedAt), deps.now()) - (input.filesAfter ?? 0);
  const hints = { symbol: input.symbol, interval: input.interval, dateOrder: input.dateOrder, volume: input.volume };
  const facts = await inspectRows({ file, ...(await openTable(file)) }, hints);
  // A file can't hold the close of a candle that closed after the file was written; its name may tell when it was fetched.
  const named = timeInName(file);
  const fetchedAt = named !== null && named < startedMs ? named : startedMs;
  const asOf = Math.min(fetchedAt, changedAt, input.asOf ? Date.parse(input.asOf) : Number.POSITIVE_INFINITY);
  return { ...facts, file, source, asOf, fetchedAt, mark };
}

/** A UTC time in a file's name, like `03_20251116T0949Z_1m.csv.gz`. */
function timeInName(file: string): number | null {
  const found = /(?:^|[^0-9])(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)?Z[^/]*$/.exec(file);
  if (!found) return null;
  const [, year, month, day, hour, minute, second = "00"] = found;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? null : time;
}
