import type { Manifest } from "../manifests/manifest.ts";
import { versionTime } from "../manifests/manifest-version.ts";
import { intervalMs } from "../vocabulary/interval.ts";
import type { NewestRow } from "./newest-row.ts";

export type ManifestTimes = Pick<Manifest, "asOf" | "createdAt" | "rollback">;
type CandleTimes = Pick<NewestRow, "interval" | "openTime">;

/** So many candles may be late before no answer is given: a run needs some time after each close. */
const MAX_LATE_CANDLES = 1;

/** How many candles have closed since the newest known one. */
export function lateCandles(manifest: ManifestTimes, { interval, openTime }: CandleTimes, now: number): number {
  const step = intervalMs(interval);
  return Math.max(0, Math.floor((now + clockOffset(manifest)) / step) - Math.round(openTime / step) - 1);
}

export function isTooLate(late: number): boolean {
  return late > MAX_LATE_CANDLES;
}

/** From when on the newest known candle is too old for an answer, ms UTC. */
export function tooLateFrom(manifest: ManifestTimes, { interval, openTime }: CandleTimes): number {
  const step = intervalMs(interval);
  return (Math.round(openTime / step) + MAX_LATE_CANDLES + 2) * step - clockOffset(manifest);
}

/**
 * When time alone changes the answer next: its target closes, or its newest candle becomes a candle older than it may be.
 *
 * @param targetClose when the target candle closes, ms UTC
 * @returns ms UTC, after `now`
 */
export function nextChange(manifest: ManifestTimes, candle: CandleTimes, targetClose: number, now: number): number {
  const tooLate = tooLateFrom(manifest, candle);
  const step = intervalMs(candle.interval);
  const late = now < tooLate ? tooLate : tooLate + (Math.floor((now - tooLate) / step) + 1) * step;
  return targetClose > now ? Math.min(targetClose, late) : late;
}

/**
 * The run's clock minus the wall clock. A run may have had its clock set to the past: its clock is taken to have gone on from
 * there since the run published, or, after a rollback, since the manifest's first publication.
 */
function clockOffset({ asOf, createdAt, rollback }: ManifestTimes): number {
  return Date.parse(asOf) - ((rollback && versionTime(rollback.to)) ?? Date.parse(createdAt));
}
