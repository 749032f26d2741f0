import type { Manifest, ModelEntry, SymbolEntry } from "../manifests/manifest.ts";
import { championOf } from "../serving/champion.ts";
import type { EntryInputs } from "../serving/entry-inputs.ts";
import { forecastSymbol, type SymbolForecast } from "../serving/forecast-symbol.ts";
import { type Interval, intervalMs } from "../vocabulary/interval.ts";
import { type BaselineName, type ModelName, type Scope, TASKS, type Task } from "../vocabulary/model-names.ts";
import type { KeptForecast } from "./kept-forecast.ts";

/** The reason of forecasts whose features or models can't be read. */
export const UNREADABLE = "unreadable";

/** What is served for a task where no model has skill. */
const SERVED_BASELINES = { regression: "no_change", classification: "class_prior" } as const satisfies Record<Task, BaselineName>;

export interface EntryForecastsInput {
  readonly manifest: Pick<Manifest, "version" | "asOf" | "createdAt" | "rollback" | "workflow">;
  readonly entry: SymbolEntry;
  /** null: its features or models can't be read */
  readonly inputs: EntryInputs | null;
  /** What the entry's runs were asked for, where its objects can't tell. */
  readonly made: { readonly interval: Interval; readonly horizon: number };
}

/**
 * The forecasts of a manifest's entry at the moment when the manifest was made: of each model, and of each baseline that can
 * be served. Each is withheld for the reasons for which it would be withheld if it were the one that is served, so that models
 * can be compared over the same forecasts.
 *
 * @throws {SchemaMismatchError} if a model reads a feature that the newest row lacks
 */
export function entryForecasts(input: EntryForecastsInput): KeptForecast[] {
  const { entry } = input;
  const heads = headsOf(entry.models);
  return input.inputs ? knownForecasts(input, input.inputs, heads) : unreadableForecasts(input, heads);
}

/** What a row is about. */
interface Head extends Pick<KeptForecast, "task" | "model" | "scope" | "role" | "modelSha256"> {
  readonly entry: ModelEntry | null;
}

function headsOf(models: readonly ModelEntry[]): Head[] {
  return TASKS.flatMap((task) => {
    const own = models.filter((model) => model.task === task);
    if (own.length === 0) return [];
    const baseline: Head = { task, model: SERVED_BASELINES[task], scope: null, role: "baseline", modelSha256: null, entry: null };
    return [
      ...own.map((entry): Head => {
        const { name, scope, role, file } = entry;
        return { task, model: name, scope, role, modelSha256: file?.sha256 ?? null, entry };
      }),
      baseline,
    ];
  });
}

function knownForecasts({ manifest, entry }: EntryForecastsInput, inputs: EntryInputs, heads: readonly Head[]): KeptForecast[] {
  const now = Date.parse(manifest.createdAt);
  const ask = (models: readonly ModelEntry[]) => forecastSymbol({ manifest, entry: { ...entry, models }, ...inputs, now });
  const without = entry.models.map((model): ModelEntry => ({ ...model, role: "no_skill" }));
  /** What would be served if this model were the champion, or, for a baseline, if there were none. */
  const servedAs = ({ entry: own }: Head) =>
    ask(own ? entry.models.map((model, i) => (model === own ? { ...model, role: "champion" } : without[i])) : without);
  const served = ask(entry.models);
  const baselines = ask(without);
  const { row, horizon } = inputs;
  const times = timesOf({ interval: row.interval, horizon, openTime: row.openTime });
  const context = contextOf(manifest, entry);
  return heads.map(({ entry: own, ...head }): KeptForecast => {
    const answer = answerOf(own ? servedAs({ ...head, entry: own }) : baselines, head.task);
    const isWithheld = answer.withheldReasons !== null;
    const known = (value: number | null) => (isWithheld ? null : value);
    return {
      ...context,
      ...times,
      ...head,
      asOfClose: row.close,
      served: isServed(head, served, championOf(entry.models, head.task)),
      ...answer,
      baselineLogReturn: known(head.task === "regression" ? 0 : null),
      baselineProbabilityUp: known(head.task === "classification" ? answerOf(baselines, head.task).probabilityUp : null),
    };
  });
}

function unreadableForecasts({ manifest, entry, made }: EntryForecastsInput, heads: readonly Head[]): KeptForecast[] {
  const times = timesOf({ ...made, openTime: Date.parse(entry.candles.lastOpenTime) });
  const context = contextOf(manifest, entry);
  return heads.map(({ entry: _, ...head }) => ({
    ...context,
    ...times,
    ...head,
    asOfClose: null,
    served: false,
    withheldReasons: UNREADABLE,
    ...NO_NUMBERS,
    baselineLogReturn: null,
    baselineProbabilityUp: null,
  }));
}

type Answer = Pick<KeptForecast, "withheldReasons" | "logReturn" | "price" | "lower" | "upper" | "coverage" | "probabilityUp">;

const NO_NUMBERS = { logReturn: null, price: null, lower: null, upper: null, coverage: null, probabilityUp: null } as const;

function answerOf({ prediction, direction }: SymbolForecast, task: Task): Answer {
  const { reasons } = task === "regression" ? prediction : direction;
  const withheldReasons = reasons.length > 0 ? reasons.join(",") : null;
  if (task === "classification") return { ...NO_NUMBERS, withheldReasons, probabilityUp: direction.probabilityUp };
  const { logReturn, price, interval } = prediction;
  const { lower = null, upper = null, coverage = null } = interval ?? {};
  return { ...NO_NUMBERS, withheldReasons, logReturn, price, lower, upper, coverage };
}

function isServed(
  { task, model, scope }: { task: Task; model: ModelName | BaselineName; scope: Scope | null },
  { prediction, direction }: SymbolForecast,
  champion: ModelEntry | null,
): boolean {
  const answer = task === "regression" ? prediction : direction;
  if (answer.label === "withheld") return false;
  return champion ? champion.name === model && champion.scope === scope : answer.servedBy === model;
}

function timesOf({ interval, horizon, openTime }: { interval: Interval; horizon: number; openTime: number }) {
  const step = intervalMs(interval);
  const targetOpenTime = openTime + horizon * step;
  return { interval, horizon, asOfOpenTime: openTime, targetOpenTime, targetCloseTime: targetOpenTime + step };
}

function contextOf(
  { version, createdAt, workflow }: EntryForecastsInput["manifest"],
  { symbol, source, simulated, since, trainingDigest, features }: SymbolEntry,
) {
  return {
    symbol,
    source,
    simulated,
    manifest: version,
    entrySince: since,
    trainingDigest,
    featureDigest: features.sha256,
    publishedAt: Date.parse(createdAt),
    runId: workflow.runId,
  };
}
