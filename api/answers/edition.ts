import { nextChange } from "../../core/serving/candle-age.ts";
import { forecastSymbol, type SymbolForecast } from "../../core/serving/forecast-symbol.ts";
import type { Prepared } from "../http/prepared.ts";
import type { Fault } from "../served/faults.ts";
import type { LiveRegistry } from "../served/live-registry.ts";
import type { LoadedSymbol, Served } from "../served/served.ts";
import { type ServiceStatus, serviceStatus } from "../served/service-state.ts";
import { describePrediction, type Prediction } from "./predict-symbol.ts";

/** Everything that is answered as long as neither a manifest nor the time changes it. */
export interface Edition {
  readonly served: Served | null;
  readonly faults: readonly Fault[];
  readonly status: ServiceStatus;
  /** by symbol, in the manifest's order */
  readonly predictions: ReadonlyMap<string, Prediction>;
  /** When time alone changes an answer, ms UTC; infinite where nothing is served. */
  readonly validUntil: number;
  /** An answer's bytes, made with the first request for it. */
  answer(key: string, make: () => Prepared): Prepared;
  /** An answer's bytes; null where nobody has asked for it yet. */
  known(key: string): Prepared | null;
}

export interface EditionsInput {
  readonly registry: Pick<LiveRegistry, "current" | "faults" | "isKnown">;
  /** ms UTC */
  readonly now: () => number;
  readonly runUrl: (run: { readonly id: string; readonly runId: string }) => string | null;
}

/** The edition of the moment; a new one is made where another manifest is served, a fault came or went, or a candle closed. */
export function createEditions({ registry, now, runUrl }: EditionsInput): () => Edition {
  let edition: (Edition & { readonly madeAt: number; readonly isKnown: boolean }) | null = null;
  return () => {
    const served = registry.current();
    const time = now();
    const isKnown = registry.isKnown();
    const faults = registry.faults();
    const stays =
      edition !== null &&
      edition.served === served &&
      edition.isKnown === isKnown &&
      edition.madeAt <= time &&
      time < edition.validUntil &&
      sameFaults(edition.faults, faults);
    if (edition && stays) return edition;
    edition = { ...makeEdition({ served, faults, isKnown, time, runUrl }), madeAt: time, isKnown };
    return edition;
  };
}

function sameFaults(one: readonly Fault[], other: readonly Fault[]): boolean {
  return one.length === other.length && one.every((fault, i) => fault === other[i]);
}

interface Moment {
  readonly served: Served | null;
  readonly faults: readonly Fault[];
  readonly isKnown: boolean;
  readonly time: number;
  readonly runUrl: EditionsInput["runUrl"];
}

function makeEdition({ served, faults, isKnown, time, runUrl }: Moment): Edition {
  const loaded = [...(served?.symbols.values() ?? [])];
  const models = served?.models ?? new Map();
  const forecasts = new Map<LoadedSymbol, SymbolForecast>(
    loaded.map((symbol) => [symbol, forecastSymbol({ ...symbol, models, now: time })]),
  );
  const forecastOf = (symbol: LoadedSymbol) => forecasts.get(symbol) as SymbolForecast;
  const status = serviceStatus({ served, faults, isKnown, forecastOf });
  const describe = (symbol: LoadedSymbol) =>
    describePrediction({
      loaded: symbol,
      forecast: forecastOf(symbol),
      service: status.state,
      runUrl: runUrl(symbol.manifest.workflow),
    });
  const answers = new Map<string, Prepared>();
  return {
    served,
    faults,
    status,
    predictions: new Map(loaded.map((symbol) => [symbol.entry.symbol, describe(symbol)])),
    validUntil: Math.min(...loaded.map((symbol) => changeOf(symbol, forecastOf(symbol), time))),
    known: (key) => answers.get(key) ?? null,
    answer(key, make) {
      const made = answers.get(key) ?? make();
      answers.set(key, made);
      return made;
    },
  };
}

function changeOf({ manifest, row }: LoadedSymbol, { targetCandle }: SymbolForecast, time: number): number {
  return nextChange(manifest, row, Date.parse(targetCandle.closeTime), time);
}
