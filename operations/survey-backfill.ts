import { type BackfillRequest, type BackfillSurvey, settleStretch } from "../core/backfill/plan-backfill.ts";
import { type RankedPage, rankPage } from "../core/universe/rank-page.ts";
import {
  needsPage,
  type ResolvedUniverse,
  requestUniverse,
  resolveUniverse,
  type UniverseRequest,
} from "../core/universe/resolve-universe.ts";
import { splitSelectors } from "../core/universe/selector.ts";
import type { Universe } from "../core/universe/universe.ts";
import { CandlecastError, InvalidInputError } from "../core/vocabulary/errors.ts";
import type { Interval } from "../core/vocabulary/interval.ts";
import type { CandleSource } from "../sources/candle-source.ts";
import { chooseSources, rankingSource, requireSource, type SourceChoice, sourceOf } from "../sources/source-order.ts";
import { surveyCandles } from "../storage/backfill-files/survey-candles.ts";
import { keepStoredSources } from "../storage/candle-files/stored-sources.ts";
import type { ObjectReader } from "../storage/object-store/object-store.ts";
import { readLatest } from "../storage/registry/reader.ts";

interface Tools {
  readonly reader: ObjectReader;
  readonly sources: Readonly<Record<string, CandleSource>>;
  readonly choice: SourceChoice;
  /** Where the request names none. */
  readonly interval: Interval;
  /** The wall clock, ms since the epoch. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/**
 * What a backfill would fetch now, and which coins a selector stands for. The store is only read; a source is asked only to
 * rank coins.
 *
 * @param request its symbols may be selectors like `top:50`
 * @throws {InvalidInputError} if the range holds no closed candle, the source is unknown, or the largest coins can't be found out
 */
export async function surveyBackfill(
  tools: Tools,
  request: Omit<BackfillRequest, "asOf"> & { readonly symbols: readonly string[] },
): Promise<BackfillSurvey & { readonly universe: Universe | null }> {
  const asOf = new Date(tools.now()).toISOString();
  const stretch = settleStretch({ ...request, asOf }, { interval: tools.interval, now: tools.now() });
  const { symbols: names, universe, problem } = await resolveSymbols(tools, request.symbols);
  if (problem !== null) throw new InvalidInputError(problem);
  const symbols = await keepStoredSources(tools.reader, chooseSources(tools.sources, names, tools.choice), stretch.interval, sourceOf);
  const { needs, windows } = await surveyCandles(tools.reader, names, stretch);
  return { interval: stretch.interval, asOf, range: stretch.range, symbols, universe, needs, windows };
}

async function resolveSymbols(tools: Tools, selectors: readonly string[]): Promise<ResolvedUniverse> {
  const { reader, sources, choice, now } = tools;
  const isNamed = splitSelectors(selectors).top === null;
  const entries = isNamed ? {} : ((await readLatest(reader))?.manifest.symbols ?? {});
  const request = requestUniverse(selectors, Object.values(entries), rankingSource(sources, choice));
  const askedAt = new Date(now()).toISOString();
  return resolveUniverse(request, { ...(await fetchRanking(tools, request)), askedAt, replaces: false });
}

async function fetchRanking(
  { sources, now, signal }: Tools,
  request: UniverseRequest,
): Promise<{ pages: RankedPage[]; failure: string | null }> {
  const pages: RankedPage[] = [];
  if (request.top === null) return { pages, failure: null };
  const { former, top } = request;
  const source = requireSource(sources, top.source);
  try {
    while (needsPage(request, pages)) {
      const page = await source.rankCoins?.({ page: pages.length }, { signal });
      if (!page) throw new InvalidInputError(`source ${source.name} ranks no coins`);
      pages.push(rankPage(page, { former, rankedAt: now() }));
    }
    return { pages, failure: null };
  } catch (error) {
    if (!(error instanceof CandlecastError)) throw error;
    return { pages, failure: error.message };
  }
}
