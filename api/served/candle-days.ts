import type { Manifest } from "../../core/manifests/manifest.ts";
import { hasLeftUniverse } from "../../core/manifests/staleness.ts";
import { type Interval, intervalMs, lastClosedOpenTime } from "../../core/vocabulary/interval.ts";
import { surveyCandles } from "../../storage/backfill-files/survey-candles.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";

/** What a backfill would find of a candle: stored and settled, or why it would fetch it. */
export type CandleState = "there" | "stale" | "failed" | "missing";

/** The last candles of each coin, as the planner of backfills sees them. */
export interface CandleDays {
  readonly version: string;
  readonly interval: Interval;
  /** ISO 8601, when the store was looked through */
  readonly asOf: string;
  /** ms UTC, oldest first */
  readonly openTimes: readonly number[];
  /** In the order of `openTimes`; null: the coin's files can't be read. */
  readonly coins: ReadonlyMap<string, readonly CandleState[] | null>;
}

export interface CandleDaysReader {
  /**
   * What was found for a manifest. The store is looked through once for each, in the background, when somebody first asks.
   *
   * @param waitMs how long this waits for it
   * @returns null if that isn't done yet
   */
  read(manifest: Manifest, waitMs: number): Promise<CandleDays | null>;
}

const LAST = 30;

/** Looks through stored candles, coin after coin, so that requests go on meanwhile. */
export function createCandleDays(reader: ObjectReader, now: () => number): CandleDaysReader {
  let made: { readonly version: string; readonly days: Promise<CandleDays> } | null = null;
  return {
    async read(manifest, waitMs) {
      if (made?.version !== manifest.version) made = { version: manifest.version, days: survey(reader, manifest, now()) };
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<null>((done) => {
        timer = setTimeout(() => done(null), waitMs);
      });
      const found = await Promise.race([made.days, patience]);
      clearTimeout(timer);
      return found;
    },
  };
}

async function survey(reader: ObjectReader, { version, interval, symbols }: Manifest, now: number): Promise<CandleDays> {
  const step = intervalMs(interval);
  const to = lastClosedOpenTime(interval, now) + step;
  const range = { from: to - LAST * step, to };
  const openTimes = Array.from({ length: LAST }, (_, i) => range.from + i * step);
  const stretch = { range, interval, asOf: now, staleBefore: null, candles: 1 };
  const coins = new Map<string, readonly CandleState[] | null>();
  for (const entry of Object.values(symbols)) {
    if (hasLeftUniverse(entry)) continue;
    try {
      // A window holds one candle, so each that is needed has one of its own.
      const { windows } = await surveyCandles(reader, [entry.symbol], stretch);
      const needs = new Map(windows.map((window) => [window.range.from, window]));
      const states = openTimes.map((time): CandleState => {
        const need = needs.get(time);
        if (!need) return "there";
        return need.failed > 0 ? "failed" : need.stale > 0 ? "stale" : "missing";
      });
      coins.set(entry.symbol, states);
    } catch {
      coins.set(entry.symbol, null);
    }
  }
  return { version, interval, asOf: new Date(now).toISOString(), openTimes, coins };
}
