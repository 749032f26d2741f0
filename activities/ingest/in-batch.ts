import { CandleNotClosedYetError, RateLimitedError } from "../../core/vocabulary/errors.ts";
import { type Failure, failureOf, isRetried } from "../failures.ts";
import type { Run, StepHeartbeat } from "../heartbeat.ts";

/** What a step on many coins did with one of them. */
export type CoinOutcome<R> =
  | { readonly kind: "done"; readonly symbol: string; readonly result: R }
  /** For good: no retry mends it, or it had all its tries. */
  | { readonly kind: "failed"; readonly symbol: string; readonly failure: Failure }
  /** It has not had its tries: the step's time was over. */
  | { readonly kind: "left"; readonly symbol: string };

export interface BatchWork<C, R> {
  readonly run: Run;
  /** The step, as its heartbeat names it. */
  readonly label: string;
  /** Coins at work at the same time. */
  readonly atOnce: number;
  /** After so long no further coin is begun, apart from the first ones. */
  readonly mostMs: number;
  /** One coin's work. Its run has the coin's own attempts and progress. */
  readonly work: (coin: C, run: Run) => Promise<R>;
}

/** What is known of a coin in the heartbeat. */
interface Kept<R> {
  readonly tries: number;
  readonly beat: StepHeartbeat | null;
  readonly outcome: CoinOutcome<R> | null;
}

type BatchHeartbeat<R> = StepHeartbeat & { readonly coins: Readonly<Record<string, Kept<R>>> };

/**
 * Does the work of one step for many coins. A coin that fails is a result, and fails no other. One that may do better fails the attempt
 * after the others have had their turn; the next attempt goes on from the heartbeat with the coins that are not settled. A coin has as
 * many tries as the step has attempts.
 *
 * @returns an outcome for each coin, in their order
 * @throws the error of a coin that is to be tried again, with the longest delay that a service asked for
 */
export async function inBatch<C extends { readonly symbol: string }, R>(
  coins: readonly C[],
  { run, label, atOnce, mostMs, work }: BatchWork<C, R>,
): Promise<CoinOutcome<R>[]> {
  const kept = new Map(Object.entries((run.lastProgress as BatchHeartbeat<R> | null)?.coins ?? {}));
  const open = coins.filter(({ symbol }) => !kept.get(symbol)?.outcome);
  const errors: unknown[] = [];
  const beat = (): StepHeartbeat => {
    const done = [...kept.values()].filter(({ outcome }) => outcome !== null).length;
    return { label, done, total: coins.length, coins: Object.fromEntries(kept) } satisfies BatchHeartbeat<R> as StepHeartbeat;
  };
  const keep = (symbol: string, known: Kept<R>) => {
    kept.set(symbol, known);
    run.progress(beat(), { later: true });
  };
  const tryCoin = async (coin: C): Promise<void> => {
    const { symbol } = coin;
    const former = kept.get(symbol);
    const tries = (former?.tries ?? 0) + 1;
    let last = former?.beat ?? null;
    const progress = (step: StepHeartbeat) => {
      last = step;
      keep(symbol, { tries, beat: last, outcome: null });
    };
    keep(symbol, { tries, beat: last, outcome: null });
    try {
      const result = await work(coin, { ...run, attempt: tries, lastProgress: last, progress });
      keep(symbol, { tries, beat: null, outcome: { kind: "done", symbol, result } });
    } catch (error) {
      run.signal.throwIfAborted();
      if (isRetried(error) && tries < run.attempts) errors.push(error);
      else keep(symbol, { tries, beat: null, outcome: { kind: "failed", symbol, failure: failureOf(error) } });
    }
  };

  const deadline = performance.now() + mostMs;
  let next = 0;
  const lane = async () => {
    while (next < open.length && (next < atOnce || performance.now() < deadline)) await tryCoin(open[next++]);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  run.signal.throwIfAborted();
  if (errors.length > 0 && run.attempt < run.attempts) {
    run.progress(beat());
    throw worstOf(errors);
  }
  return coins.map(({ symbol }) => kept.get(symbol)?.outcome ?? { kind: "left", symbol });
}

/** A service that asks for time gets it; candles that are awaited are no fault while nothing else is. */
function worstOf(errors: readonly unknown[]): unknown {
  const limited = errors.filter((error) => error instanceof RateLimitedError);
  const longest = limited.toSorted((a, b) => (b.retryAfterMs ?? 0) - (a.retryAfterMs ?? 0));
  return longest[0] ?? errors.find((error) => !(error instanceof CandleNotClosedYetError)) ?? errors[0];
}
