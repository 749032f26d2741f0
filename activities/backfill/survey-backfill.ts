import { planWindows, WINDOW_CANDLES } from "../../core/backfill/plan-windows.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { type Interval, intervalMs, lastClosedOpenTime } from "../../core/vocabulary/interval.ts";
import type { TimeRange } from "../../core/vocabulary/time-range.ts";
import type { Settings } from "../../settings/settings.ts";
import type { CandleSource } from "../../sources/candle-source.ts";
import { readLedger } from "../../storage/backfill-files/ledger-file.ts";
import { readCandleTimes } from "../../storage/candle-files/candle-times.ts";
import type { ObjectReader } from "../../storage/object-store/object-store.ts";
import type { BackfillInput, BackfillNeeds } from "../../workflows/contract.ts";
import type { BackfillWindow, SymbolPlan } from "../../workflows/plan.ts";
import { planSymbols } from "../plan/plan-run.ts";

/** Before this day no source has a candle: the first trade of bitcoin on an exchange. */
const FIRST_DAY = "2010-07-17";

export interface SurveyDependencies {
  readonly store: ObjectReader;
  readonly settings: Settings;
  readonly sources: Readonly<Record<string, CandleSource>>;
  readonly now: () => number;
}

/** What a backfill would do: read from the store only, nothing is asked for and nothing written. */
export interface BackfillSurvey {
  readonly interval: Interval;
  readonly asOf: string;
  readonly range: TimeRange;
  readonly symbols: readonly SymbolPlan[];
  readonly needs: BackfillNeeds;
  /** Oldest first, the symbols taking turns, so that none waits for another's whole history. */
  readonly windows: readonly BackfillWindow[];
}

/**
 * Looks through the store for closed candles of a range that are missing, stale or failed before.
 *
 * @throws {InvalidInputError} if the range holds no closed candle, or the source is unknown
 */
export async function surveyBackfill(deps: SurveyDependencies, input: BackfillInput & { asOf: string }): Promise<BackfillSurvey> {
  const interval = input.interval ?? deps.settings.interval;
  const range = closedRange(input, interval, deps.now());
  const symbols = planSymbols(deps, input.symbols, input.source);
  const bySymbol: BackfillWindow[][] = [];
  for (const { symbol } of symbols) {
    const needs = planWindows({
      range,
      interval,
      ...(await readCandleTimes(deps.store, symbol, interval, range)),
      ledger: await readLedger(deps.store, symbol, interval),
      asOf: Date.parse(input.asOf),
      staleBefore: input.staleBefore === undefined ? null : Date.parse(input.staleBefore),
      candles: input.windowCandles ?? WINDOW_CANDLES,
    });
    bySymbol.push(needs.map((need) => ({ symbol, ...need })));
  }
  const windows = takeTurns(bySymbol);
  return { interval, asOf: input.asOf, range, symbols, needs: sumNeeds(windows), windows };
}

function closedRange(input: BackfillInput & { asOf: string }, interval: Interval, now: number): TimeRange {
  const step = intervalMs(interval);
  const onGrid = (time: string) => Math.ceil(Date.parse(time) / step) * step;
  const from = onGrid(input.from ?? FIRST_DAY);
  const end = lastClosedOpenTime(interval, Math.min(Date.parse(input.asOf), now)) + step;
  const to = Math.min(input.to ? onGrid(input.to) : end, end);
  if (from >= to) {
    throw new InvalidInputError(
      `a backfill from ${new Date(from).toISOString()} to ${new Date(to).toISOString()} holds no closed ${interval} candle`,
    );
  }
  return { from, to };
}

function takeTurns(bySymbol: readonly (readonly BackfillWindow[])[]): BackfillWindow[] {
  const most = Math.max(0, ...bySymbol.map(({ length }) => length));
  return Array.from({ length: most }, (_, i) => bySymbol.flatMap((windows) => windows.slice(i, i + 1))).flat();
}

function sumNeeds(windows: readonly BackfillWindow[]): BackfillNeeds {
  return windows.reduce<BackfillNeeds>(
    (sum, { missing, stale, failed }) => ({ missing: sum.missing + missing, stale: sum.stale + stale, failed: sum.failed + failed }),
    { missing: 0, stale: 0, failed: 0 },
  );
}
