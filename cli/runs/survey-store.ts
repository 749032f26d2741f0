import { sourceChoice } from "../../activities/plan/source-choice.ts";
import { surveyBackfill } from "../../operations/survey-backfill.ts";
import type { Settings } from "../../settings/settings.ts";
import { createSources } from "../../sources/create-sources.ts";
import { openReader } from "../../storage/object-store/open-store.ts";
import type { BackfillInput } from "../../workflows/contract.ts";

/** {@link surveyBackfill} with the store and the sources of the settings. */
export function surveyStore(settings: Settings, input: BackfillInput, signal: AbortSignal): ReturnType<typeof surveyBackfill> {
  const sources = createSources({
    binanceUrl: settings.binanceUrl,
    krakenUrl: settings.krakenUrl,
    cryptocompareUrl: settings.cryptocompareUrl,
    cryptocompareApiKey: settings.cryptocompareApiKey?.reveal() ?? null,
  });
  const tools = {
    reader: openReader(settings.storeUrl, { s3Endpoint: settings.s3Endpoint }),
    sources,
    choice: sourceChoice(settings, input.source),
    interval: settings.interval,
    now: Date.now,
    signal,
  };
  return surveyBackfill(tools, input);
}
