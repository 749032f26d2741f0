import { type BackfillStretch, type BackfillSurvey, joinWindows } from "../../core/backfill/plan-backfill.ts";
import { planWindows, type WindowNeed } from "../../core/backfill/plan-windows.ts";
import { readCandleTimes } from "../candle-files/candle-times.ts";
import type { ObjectReader } from "../object-store/object-store.ts";
import { readLedger } from "./ledger-file.ts";

/** Looks through the store for closed candles of a stretch that are missing, stale, or failed before. */
export async function surveyCandles(
  reader: ObjectReader,
  symbols: readonly string[],
  stretch: BackfillStretch,
): Promise<Pick<BackfillSurvey, "needs" | "windows">> {
  const { interval, range } = stretch;
  const bySymbol = new Map<string, WindowNeed[]>();
  for (const symbol of symbols) {
    const times = await readCandleTimes(reader, symbol, interval, range);
    const ledger = await readLedger(reader, symbol, interval);
    bySymbol.set(symbol, planWindows({ ...stretch, ...times, ledger }));
  }
  return joinWindows(bySymbol);
}
