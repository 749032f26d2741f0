import { hasLeftUniverse } from "../../core/manifests/staleness.ts";
import { tooLateFrom } from "../../core/serving/candle-age.ts";
import type { SymbolForecast } from "../../core/serving/forecast-symbol.ts";
import type { Fault } from "./faults.ts";
import type { LoadedSymbol, Served } from "./served.ts";

/** What is served, in one word, the best first. */
export const SERVICE_STATES = {
  fresh: "the newest predictions are served",
  degraded: "predictions are served, but something is broken",
  stale: "every predicted candle has closed already; newer predictions are due",
  withheld: "every prediction is withheld; its reasons are with each symbol",
  empty: "nothing has been published yet",
  broken: "what was published can't be read",
  store_unknown: "the store can't be read, and nothing was read from it before",
  wrong_address: "there is no store where the service looks for it",
} as const;

export type ServiceState = keyof typeof SERVICE_STATES;

export interface CoinCounts {
  /** with a prediction */
  readonly served: number;
  readonly withheld: number;
  /** served from an older manifest, because newer files are broken */
  readonly older: number;
  /** not served at all, because their files are broken */
  readonly unreadable: number;
}

export interface ServiceStatus {
  readonly state: ServiceState;
  /** Since when nothing fresh is served, ms UTC; null where something is, or nothing ever was. */
  readonly since: number | null;
  readonly coins: CoinCounts;
}

export interface ServiceStatusInput {
  readonly served: Served | null;
  readonly faults: readonly Fault[];
  /** whether the store has answered */
  readonly isKnown: boolean;
  readonly forecastOf: (loaded: LoadedSymbol) => Pick<SymbolForecast, "prediction" | "direction" | "warnings" | "targetCandle">;
}

/**
 * The state of the service by what it serves. Simulated coins, which never fail, and coins that have left the universe count
 * only where there are no others.
 */
export function serviceStatus({ served, faults, isKnown, forecastOf }: ServiceStatusInput): ServiceStatus {
  if (!served || served.symbols.size === 0) {
    const coins = { served: 0, withheld: 0, older: 0, unreadable: served?.unreadable.size ?? 0 };
    return { state: stateWithoutCoins(faults, isKnown), since: null, coins };
  }
  const all = [...served.symbols.values()].map((loaded) => ({ loaded, forecast: forecastOf(loaded) }));
  const withheld = all.filter(({ forecast }) => isWithheld(forecast)).length;
  const older = all.filter(({ loaded }) => loaded.insteadOf !== null).length;
  const coins = { served: all.length - withheld, withheld, older, unreadable: served.unreadable.size };
  const current = all.filter(({ loaded: { entry } }) => !entry.simulated && !hasLeftUniverse(entry));
  const judged = current.length > 0 ? current : all;
  const ends = judged.map(({ loaded, forecast }) => endOf(loaded, forecast));
  if (ends.every((end) => end !== null)) {
    const state = judged.every(({ forecast }) => isWithheld(forecast)) ? "withheld" : "stale";
    return { state, since: Math.max(...ends), coins };
  }
  return { state: faults.length > 0 ? "degraded" : "fresh", since: null, coins };
}

function stateWithoutCoins(faults: readonly Fault[], isKnown: boolean): ServiceState {
  const kinds = faults.map(({ kind }) => kind);
  if (kinds.includes("wrong_address")) return "wrong_address";
  if (!isKnown || kinds.includes("store_unknown") || kinds.includes("unexpected")) return "store_unknown";
  return kinds.length > 0 ? "broken" : "empty";
}

type Forecast = ReturnType<ServiceStatusInput["forecastOf"]>;

function isWithheld({ prediction, direction }: Forecast): boolean {
  return prediction.label === "withheld" && direction.label === "withheld";
}

/** Since when a coin has no fresh answer, ms UTC; null where it has one. Nothing ends before it was published. */
function endOf({ manifest, row }: LoadedSymbol, forecast: Forecast): number | null {
  const published = Date.parse(manifest.createdAt);
  const codes = forecast.warnings.map(({ code }) => code);
  if (codes.includes("target_already_closed")) return Math.max(published, Date.parse(forecast.targetCandle.closeTime));
  if (!isWithheld(forecast)) return null;
  return codes.includes("stale_candles") ? Math.max(published, tooLateFrom(manifest, row)) : published;
}
