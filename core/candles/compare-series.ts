import type { CandleSeries } from "./candle-series.ts";

/** Two sources' closes of the same coin and time differ by less than this, as a logarithm: 10 %. */
const MOST_BETWEEN_SOURCES = Math.log(1.1);
/** A source revises its own closes by less than this: a factor of two; one or two damaged candles may lie further apart. */
const MOST_OF_ONE_SOURCE = Math.log(2);
const LEAST_OF_ONE_SOURCE = 3;
/** Where the levels agree, the closes of one coin differ by less than this from candle to candle. */
const MOST_PATH = 0.05;
/** Fewer candles tell no path. */
const LEAST_FOR_PATH = 5;
/** Candles that are remembered: the newest ones decide. */
const MOST_COMPARED = 20_000;

/** Whether candles to be added are of the coin whose candles are stored. */
export type SeriesVerdict =
  | { readonly same: true /** Candles that both have. */; readonly compared: number }
  | { readonly same: false; readonly compared: number /** As a sentence, with times and values. */; readonly reason: string };

export interface SeriesComparison {
  /** Both ordered by open time. */
  add(stored: CandleSeries, fetched: CandleSeries): void;
  verdict(): SeriesVerdict;
}

interface Pair {
  readonly openTime: number;
  readonly stored: number;
  readonly fetched: number;
  readonly storedSource: string;
  readonly fetchedSource: string;
  /** ln(fetched / stored) */
  readonly logRatio: number;
}

/**
 * Compares the closes of candles that are to be added with the stored ones of the same times. They are of another coin, currency or
 * unit if the median ratio is far from one, or if their paths are unlike. Medians, so that some damaged candles decide nothing.
 */
export function compareSeries(): SeriesComparison {
  const pairs: Pair[] = [];
  return {
    add(stored, fetched) {
      let at = 0;
      for (let row = 0; row < fetched.length; row++) {
        while (at < stored.length && stored.openTime[at] < fetched.openTime[row]) at++;
        if (at === stored.length) return;
        if (stored.openTime[at] !== fetched.openTime[row]) continue;
        const logRatio = Math.log(fetched.close[row] / stored.close[at]);
        pairs.push({
          openTime: stored.openTime[at],
          stored: stored.close[at],
          fetched: fetched.close[row],
          storedSource: stored.source[at],
          fetchedSource: fetched.source[row],
          logRatio,
        });
        if (pairs.length > MOST_COMPARED) pairs.shift();
      }
    },
    verdict: () => judge(pairs),
  };
}

function judge(pairs: readonly Pair[]): SeriesVerdict {
  const compared = pairs.length;
  if (compared === 0) return { same: true, compared };
  const level = median(pairs.map(({ logRatio }) => logRatio));
  const isOneSource = pairs.every(({ storedSource, fetchedSource }) => storedSource === fetchedSource);
  const unlike = (what: string) => ({ same: false as const, compared, reason: `${what}: ${example(pairs, level)}` });
  if (isOneSource && compared < LEAST_OF_ONE_SOURCE) return { same: true, compared };
  if (Math.abs(level) > (isOneSource ? MOST_OF_ONE_SOURCE : MOST_BETWEEN_SOURCES))
    return unlike(`their closes differ by a factor of ${Math.exp(Math.abs(level)).toPrecision(3)} from the stored ones`);
  const spread = median(pairs.map(({ logRatio }) => Math.abs(logRatio - level)));
  if (!isOneSource && compared >= LEAST_FOR_PATH && spread > MOST_PATH)
    return unlike(`their closes go another way than the stored ones, by ${(100 * spread).toFixed(1)} % in the median`);
  return { same: true, compared };
}

/** The newest pair that lies at least as far apart as the median one. */
function example(pairs: readonly Pair[], level: number): string {
  const { openTime, stored, fetched, storedSource, fetchedSource } = pairs.findLast(
    ({ logRatio }) => Math.abs(logRatio) >= Math.abs(level),
  ) as Pair;
  const time = new Date(openTime).toISOString().slice(0, 16);
  return `at ${time} ${stored} is stored from ${storedSource}, and ${fetched} comes from ${fetchedSource} (${pairs.length} candles compared)`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
