import { type BackfillSurvey, surveyBackfill } from "../../activities/backfill/survey-backfill.ts";
import { planSymbols } from "../../activities/plan/plan-run.ts";
import { rankCoins } from "../../core/universe/rank-coins.ts";
import { MAX_RANKING_PAGES, splitSelectors } from "../../core/universe/selector.ts";
import type { Settings } from "../../settings/settings.ts";
import { createSources } from "../../sources/create-sources.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import type { BackfillInput } from "../../workflows/contract.ts";

/**
 * What a backfill would fetch now. The store is read; a source is asked only where coins have to be ranked.
 *
 * @throws {InvalidInputError} if the range holds no closed candle, or the source is unknown
 */
export async function surveyStore(settings: Settings, input: BackfillInput, signal: AbortSignal): Promise<BackfillSurvey> {
  const store = openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint });
  const sources = createSources({
    binanceUrl: settings.binanceUrl,
    krakenUrl: settings.krakenUrl,
    cryptocompareUrl: settings.cryptocompareUrl,
    cryptocompareApiKey: settings.cryptocompareApiKey?.reveal() ?? null,
  });
  const { symbols, top } = splitSelectors(input.symbols);
  const chosen = new Set<string>();
  if (top !== null) {
    const names = planSymbols({ settings, sources }, ["BTC"], input.source)[0].sources;
    const source = sources[names.find((name) => sources[name].rankCoins) ?? "binance"];
    for (let page = 0; page < MAX_RANKING_PAGES && chosen.size < top; page++) {
      const answer = await source.rankCoins?.({ page }, { signal });
      for (const { symbol } of rankCoins(answer?.coins ?? [])) chosen.add(symbol);
      if (!answer?.more) break;
    }
  }
  const all = [...new Set([...[...chosen].slice(0, top ?? 0), ...symbols])];
  return surveyBackfill({ store, settings, sources, now: Date.now }, { ...input, symbols: all, asOf: new Date().toISOString() });
}
