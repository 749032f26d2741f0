import type { Settings } from "../../settings/settings.ts";
import type { SourceChoice } from "../../sources/source-order.ts";

/** The source that a run asks for, or that of the worker's settings. */
export function sourceChoice(settings: Settings, source: string | undefined): SourceChoice {
  return { source: source ?? settings.source, hasKey: settings.cryptocompareApiKey !== null };
}
