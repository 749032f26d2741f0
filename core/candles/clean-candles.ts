import { type Interval, intervalMs } from "../vocabulary/interval.ts";
import type { TimeRange } from "../vocabulary/time-range.ts";
import { seriesFromCandles } from "./build-series.ts";
import type { Candle, RawCandle } from "./candle.ts";
import type { CandleSeries } from "./candle-series.ts";
import { compareContent } from "./compare-content.ts";

/** No coin's unit price in dollars comes near this; beyond it a number is damage. */
const MAX_PRICE = 1e12;
const MAX_LISTED = 20;

export interface CleanOptions {
  readonly symbol: string;
  readonly interval: Interval;
  /** ms UTC: only candles closed by then are kept */
  readonly asOf: number;
  readonly source: string;
  readonly fetchedAt: number;
  /** What the answer claims to cover; without it, rows of any time are taken. */
  readonly range?: TimeRange;
  /** Open time of a real candle that is known from elsewhere: zero rows after it are no longer from before the listing. */
  readonly listedFrom?: number | null;
}

export interface CleanResult {
  readonly series: CandleSeries;
  /** Rows that carry no candle, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
  /** Rows refused as wrong, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** The first rejected rows. */
  readonly rejectedRows: readonly { readonly openTime: number; readonly reason: string }[];
}

/**
 * The one place of the rules for dirty data: what becomes of each row that a source served. Rows may come in any order.
 *
 * dropped: `before-listing` (a zero row before the first real one), `not-closed`, `outside-range`, `duplicate`,
 * `duplicate-differs` (the greater of the two by compareContent is kept); rejected: see the reasons in the code. Open outside [low, high] and zero volume are real.
 */
export function cleanCandles(
  rows: readonly RawCandle[],
  { symbol, interval, asOf, source, fetchedAt, range, listedFrom }: CleanOptions,
): CleanResult {
  const step = intervalMs(interval);
  const dropped: Record<string, number> = {};
  const rejected: Record<string, number> = {};
  const rejectedRows: { openTime: number; reason: string }[] = [];
  const kept = new Map<number, RawCandle>();
  const reasonToDrop = (row: RawCandle): string | null => {
    if (isZeroRow(row)) return "before-listing";
    if (row.openTime + step > asOf) return "not-closed";
    if (range && (row.openTime < range.from || row.openTime >= range.to)) return "outside-range";
    const earlier = kept.get(row.openTime);
    return earlier ? (compareContent(earlier, row) === 0 ? "duplicate" : "duplicate-differs") : null;
  };
  const isReal = (row: RawCandle) => !isZeroRow(row) && reasonToReject(row, step, asOf) === null;
  const listed = rows.reduce((first, row) => (isReal(row) ? Math.min(first, row.openTime) : first), listedFrom ?? Number.POSITIVE_INFINITY);
  for (const row of rows) {
    const reason = isZeroRow(row) && row.openTime < listed ? null : reasonToReject(row, step, asOf);
    if (reason !== null) {
      rejected[reason] = (rejected[reason] ?? 0) + 1;
      if (rejectedRows.length < MAX_LISTED) rejectedRows.push({ openTime: row.openTime, reason });
      continue;
    }
    const drop = reasonToDrop(row);
    if (drop) dropped[drop] = (dropped[drop] ?? 0) + 1;
    const earlier = drop === "duplicate-differs" ? kept.get(row.openTime) : undefined;
    if (drop === null || (earlier && compareContent(row, earlier) > 0)) kept.set(row.openTime, row);
  }
  const candles = [...kept.values()]
    .sort((a, b) => a.openTime - b.openTime)
    .map(
      (row): Candle => ({
        ...row,
        quoteVolume: known(row.quoteVolume, 0),
        marketCap: known(row.marketCap, Number.MIN_VALUE),
        source,
        fetchedAt,
      }),
    );
  return { series: seriesFromCandles(symbol, interval, candles), dropped, rejected, rejectedRows };
}

/** A side value that can't be right is unknown; it does not cost the candle. */
function known(value: number | null, least: number): number | null {
  return value !== null && Number.isFinite(value) && value >= least ? value : null;
}

function isZeroRow(row: RawCandle): boolean {
  return row.open === 0 && row.high === 0 && row.low === 0 && row.close === 0;
}

function reasonToReject(row: RawCandle, step: number, asOf: number): string | null {
  if (!Number.isFinite(row.openTime) || row.openTime % step !== 0) return "off-grid";
  if (row.openTime > asOf) return "future";
  const prices = [row.open, row.high, row.low, row.close];
  if (!prices.every(Number.isFinite)) return "price-not-finite";
  if (prices.some((price) => price <= 0)) return "price-not-positive";
  if (prices.some((price) => price > MAX_PRICE)) return "price-out-of-range";
  if (row.high < row.low) return "high-below-low";
  if (!Number.isFinite(row.volume) || row.volume < 0) return "volume-not-usable";
  return null;
}
