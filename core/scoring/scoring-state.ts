import type { ObjectRef } from "../vocabulary/object-ref.ts";

/** A manifest with kept forecasts that are not all among the outcomes yet. */
export interface OpenManifest {
  readonly version: string;
  readonly forecasts: ObjectRef;
  /** When the next of its target candles closes, ms UTC; 0: nobody has looked. */
  readonly dueAt: number;
}

/** What scoring need not look at again. Outcomes are right without it; it only saves work. */
export interface ScoringState {
  /** The newest manifest of the chain that was looked at; null: none. */
  readonly newest: string | null;
  /** Candle files that were written before this were compared with the outcomes, ms by the store's clock. */
  readonly candlesSeen: number;
  /** the oldest first */
  readonly open: readonly OpenManifest[];
}

export const UNSCORED_STORE: ScoringState = { newest: null, candlesSeen: 0, open: [] };

/** What a round of scoring found and did. */
export interface ScoringRound {
  /** The newest manifest of the chain, and what it was before the round. */
  readonly newest: { readonly from: string | null; readonly to: string | null };
  /** Manifests with forecasts that were published since, the oldest first. */
  readonly found: readonly OpenManifest[];
  /** When each manifest that was read is due again; null: all its forecasts are among the outcomes. */
  readonly read: ReadonlyMap<string, number | null>;
  /** null where candle files were not listed in this round */
  readonly candlesSeen: number | null;
}

/** Manifests that a round reads: those that are due, the oldest first, and at most so many. */
export function dueManifests(open: readonly OpenManifest[], now: number, most: number): { due: OpenManifest[]; more: boolean } {
  const due = open.filter(({ dueAt }) => dueAt <= now);
  return { due: due.slice(0, most), more: due.length > most };
}

/** The state after a round. It may have been changed by another scorer meanwhile: what that one found or finished is kept. */
export function afterRound(state: ScoringState, { newest, found, read, candlesSeen }: ScoringRound): ScoringState {
  const known = new Set(state.open.map(({ version }) => version));
  const isNews = state.newest === newest.from;
  const open = [...state.open, ...(isNews ? found.filter(({ version }) => !known.has(version)) : [])].flatMap(
    (manifest): OpenManifest[] => {
      const dueAt = read.get(manifest.version);
      if (dueAt === undefined) return [manifest];
      return dueAt === null ? [] : [{ ...manifest, dueAt }];
    },
  );
  return {
    newest: isNews ? newest.to : state.newest,
    candlesSeen: Math.max(state.candlesSeen, candlesSeen ?? 0),
    open,
  };
}
