import { access } from "node:fs/promises";
import { basename, join } from "node:path";
import { endOfMonth } from "../core/backfill/plan-windows.ts";
import type { RawCandle } from "../core/candles/candle.ts";
import { InvalidCandleError, InvalidInputError, UnknownSymbolError } from "../core/vocabulary/errors.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import { QUOTE } from "./binance.ts";
import type { CandlePage, CandleSource, PageRequest } from "./candle-source.ts";
import { csvRows } from "./files/csv-rows.ts";
import { withDownload } from "./files/download.ts";
import { dataRows, inspectRows } from "./files/inspect-rows.ts";
import { openTimeOf, readRow } from "./files/read-row.ts";
import { zipEntry } from "./files/zip-entry.ts";

/** Where Binance's files lie below its address, and below a copy of it. */
const FOLDER = "data/spot/monthly/klines";

/**
 * The files that Binance publishes by months, `BTCUSDT-1m-2023-01.zip` with its `.CHECKSUM`, each read whole as one page.
 *
 * @param place an address like `https://data.binance.vision`, or a folder with such files, in the publisher's folders or not
 */
export function createPublishedFiles(place: string): Pick<CandleSource, "fetchPage"> {
  return {
    async fetchPage({ symbol, interval, range }: PageRequest, { signal } = {}): Promise<CandlePage> {
      const month = new Date(range.from).toISOString().slice(0, 7);
      const name = `${symbol}${QUOTE}-${interval}-${month}.zip`;
      const end = Math.min(endOfMonth(range.from), range.to);
      const read = (path: string) => readMonth(path, { symbol, interval, month, signal });
      const rows = /^https?:\/\//.test(place)
        ? await withDownload(`${addressOf(place)}/${symbol}${QUOTE}/${interval}/${name}`, read, signal)
        : await findFile(place, { symbol, interval, name }).then((path) => (path === null ? null : read(path)));
      if (rows === null) throw new UnknownSymbolError(`${place} has no file ${name}`);
      return {
        rows: rows.filter(({ openTime }) => openTime >= range.from && openTime < end),
        covered: { from: range.from, to: end },
        next: end < range.to ? { from: end, to: range.to } : null,
        servedAt: null,
      };
    },
  };
}

function addressOf(place: string): string {
  const base = place.replace(/\/+$/, "");
  return /\/klines$/.test(base) ? base : `${base}/${FOLDER}`;
}

async function findFile(
  folder: string,
  { symbol, interval, name }: { symbol: string; interval: Interval; name: string },
): Promise<string | null> {
  await access(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${folder} can't be read by the worker (${error.code})`);
  });
  for (const place of ["", join(`${symbol}${QUOTE}`, interval), join(FOLDER, `${symbol}${QUOTE}`, interval)]) {
    const path = join(folder, place, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

interface Wanted {
  readonly symbol: string;
  readonly interval: Interval;
  /** `YYYY-MM` */
  readonly month: string;
  readonly signal: AbortSignal | undefined;
}

/** @throws {InvalidCandleError} if the file is damaged, or holds other candles than its name says */
async function readMonth(path: string, { symbol, interval, month, signal }: Wanted): Promise<RawCandle[]> {
  const source = await zipEntry(path);
  const file = basename(path);
  const open = () => csvRows(source);
  const facts = await inspectRows({ file, names: source.names, rows: open }, { symbol, interval });
  const candles: RawCandle[] = [];
  for await (const row of dataRows(open(), facts.shape)) {
    signal?.throwIfAborted();
    const { line, origin, symbol: _, ...read } = readRow(row, { ...facts, file });
    const openTime = openTimeOf(read.openTime, facts.shape, interval);
    if (new Date(openTime).toISOString().slice(0, 7) !== month)
      throw new InvalidCandleError(
        `${file}, line ${line}: a candle of ${new Date(openTime).toISOString().slice(0, 16)} in a file of ${month}`,
      );
    candles.push({ ...read, openTime });
  }
  return candles;
}
