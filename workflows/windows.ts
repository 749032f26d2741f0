import { intervalMs } from "../core/candles/interval.ts";
import type { TimeRange } from "../core/candles/plan-ingest.ts";
import type { BackfillPlan } from "./plan.ts";

/** Candles of one window: what every source answers in one request, or two. */
const WINDOW_CANDLES = 1000;

export interface BackfillWindow {
  readonly symbol: string;
  readonly range: TimeRange;
}

/** Cuts each symbol's range into windows, oldest first, the symbols taking turns. */
export function planWindows(plan: Pick<BackfillPlan, "interval" | "range" | "symbols">): BackfillWindow[] {
  const width = WINDOW_CANDLES * intervalMs(plan.interval);
  const windows: BackfillWindow[] = [];
  for (let from = plan.range.from; from < plan.range.to; from += width) {
    const range = { from, to: Math.min(from + width, plan.range.to) };
    for (const { symbol } of plan.symbols) windows.push({ symbol, range });
  }
  return windows;
}
