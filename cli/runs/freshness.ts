import type { Manifest } from "../../core/manifests/manifest.ts";
import { intervalMs, lastClosedOpenTime } from "../../core/vocabulary/interval.ts";

export interface Freshness {
  readonly manifest: { readonly version: string; readonly createdAt: string; readonly asOf: string; readonly ageMs: number } | null;
  readonly symbols: readonly SymbolFreshness[];
}

export interface SymbolFreshness {
  readonly symbol: string;
  readonly status: "fresh" | "stale";
  readonly reason: string | null;
  readonly lastOpenTime: string;
  /** Candles that have closed since the last one used. */
  readonly behind: number;
}

/** How old the newest manifest is, and how many closed candles each symbol is behind. */
export function freshnessOf(manifest: Manifest | null, nowMs: number): Freshness {
  if (!manifest) return { manifest: null, symbols: [] };
  const newest = lastClosedOpenTime(manifest.interval, nowMs);
  return {
    manifest: {
      version: manifest.version,
      createdAt: manifest.createdAt,
      asOf: manifest.asOf,
      ageMs: nowMs - Date.parse(manifest.createdAt),
    },
    symbols: Object.values(manifest.symbols).map(({ symbol, status, staleReason, candles }) => ({
      symbol,
      status,
      reason: staleReason,
      lastOpenTime: candles.lastOpenTime,
      behind: Math.max(0, Math.round((newest - Date.parse(candles.lastOpenTime)) / intervalMs(manifest.interval))),
    })),
  };
}
