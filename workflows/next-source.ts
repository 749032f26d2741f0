import type { Failure } from "../activities/failures.ts";

interface Candidate {
  /** The source that was asked. */
  readonly source: string;
  /** Source of the newest stored candle; null where nothing is stored, or that is not known. */
  readonly storedSource: string | null;
  /** The symbol's sources, in the order in which they are asked. */
  readonly sources: readonly string[];
}

/** What a symbol's failed source means for the ones behind it. */
export interface AfterFailure {
  /** What there is to say of it. */
  readonly reasons: readonly string[];
  readonly asksNext: boolean;
}

/**
 * Whether the next source is asked. A source that fails for a while keeps its series: another one's coin of that name may be another coin.
 */
export function afterFailure({ type, message }: Failure, { source, storedSource, sources }: Candidate): AfterFailure {
  const isLast = sources.at(-1) === source;
  if (storedSource !== source || type === "UnknownSymbol" || isLast) return { reasons: [message], asksNext: !isLast };
  const stays = `its candles stay those of ${source}, until that answers or another is chosen by CANDLE_SOURCE`;
  return { reasons: [message, stays], asksNext: false };
}

/** What there is to say where a source goes on with another one's series and nothing showed that it is the same coin. @param compared candles */
export function uncompared({ source, storedSource }: Candidate, compared: number): string[] {
  if (storedSource === null || storedSource === source || compared > 0) return [];
  return [`nothing of ${source} could be compared with the stored candles of ${storedSource}: none has the same time`];
}
