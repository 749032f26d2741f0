import type { Pool } from "../evaluation/pool.ts";
import type { FoldPlan } from "../evaluation/walk-forward.ts";
import type { Model } from "../models/model.ts";
import { prepareReplacements } from "../models/replace-feature.ts";
import { createRandom, type Random } from "../random.ts";
import { ensembleOutputs } from "../serving/ensemble.ts";
import { forecastOf } from "../serving/forecast.ts";
import { type ModelName, type Task, taskOf } from "../vocabulary/model-names.ts";
import type { Importance } from "./report.ts";

export interface ImportanceInput {
  readonly pool: Pool;
  /** The last fold: its test rows are shuffled. */
  readonly fold: Pick<FoldPlan, "testFrom" | "testTo">;
  readonly model: ModelName;
  /** The model itself, or the ensemble's members, as `fitFold` fits them to the fold's training rows. */
  readonly members: readonly Model["body"][];
  /** coins to measure on */
  readonly symbols: readonly string[];
  readonly repeats: number;
  readonly seed: number;
  /** Names of the features to shuffle; default: all. Each feature's values don't depend on which others are measured. */
  readonly features?: readonly string[];
}

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) on out-of-sample rows: a feature's values on the
 * last fold are shuffled within each coin, and the loss of the model that was fitted before that fold is compared with the
 * loss on the true values. Features that carry the same information share their importance.
 *
 * @returns per symbol; without symbols that have no row in the fold, or whose loss is 0
 */
export function permutationImportance(input: ImportanceInput): Record<string, Importance> {
  const { pool, fold, model, members, repeats } = input;
  // Rows of other coins are not predicted: all that follows is of the coins that are measured.
  const subject = subjectRows(pool, fold, input.symbols);
  const { own, places } = subject;
  const rows = places.length;
  const task = taskOf(model);
  const columns: readonly Float64Array[] = pool.columns.map((column) => Float64Array.from(places, (place) => column[place]));
  const replaceable = members.map((body) => prepareReplacements(body, columns, rows));
  const losses = (output: Float64Array) => new Map([...own].map(([symbol, at]) => [symbol, lossOf(subject, output, at, task)]));
  const base = losses(ensembleOutputs(replaceable.map(({ outputs }) => outputs)));
  const increases = new Map([...own.keys()].map((symbol) => [symbol, pool.names.map(() => [] as number[])]));
  const wanted = new Set(input.features ?? pool.names);
  const measured = pool.names.flatMap((name, f) => (wanted.has(name) ? [f] : []));
  for (const f of measured) {
    const shuffled = Array.from({ length: repeats }, (_, repeat) =>
      shuffle(columns[f], own.values(), createRandom(input.seed).fork(`${pool.names[f]} ${repeat}`)),
    );
    const changed = replaceable.map((member) => member.replace(f, shuffled));
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const [symbol, loss] of losses(ensembleOutputs(changed.map((outputs) => outputs[repeat]))))
        increases.get(symbol)?.[f].push(loss / (base.get(symbol) ?? Number.NaN) - 1);
  }
  const iso = (row: number) => new Date(pool.openTime[places[row]]).toISOString();
  return Object.fromEntries(
    [...own]
      .filter(([symbol]) => (base.get(symbol) ?? 0) > 0)
      .map(([symbol, at]): [string, Importance] => [
        symbol,
        {
          model,
          loss: task === "classification" ? "brier" : "rmse",
          from: iso(at[0]),
          to: iso(at[at.length - 1]),
          rows: at.length,
          repeats,
          features: mostImportantFirst(measured.map((f) => ({ name: pool.names[f], ...spread(increases.get(symbol)?.[f] ?? []) }))),
        },
      ]),
  );
}

/** What was measured of several sets of features, as if they had been measured together. */
export function joinImportance(parts: readonly Readonly<Record<string, Importance>>[]): Record<string, Importance> {
  return Object.fromEntries(
    Object.entries(parts[0] ?? {}).map(([symbol, first]) => [
      symbol,
      { ...first, features: mostImportantFirst(parts.flatMap((part) => part[symbol]?.features ?? [])) },
    ]),
  );
}

function mostImportantFirst<T extends { readonly name: string; readonly increase: number }>(features: readonly T[]): T[] {
  return features.toSorted((a, b) => b.increase - a.increase || (a.name < b.name ? -1 : 1));
}

/** The rows of a fold that belong to some symbols. */
interface SubjectRows {
  /** Row of the pool of each of them, in the order of the pool. */
  readonly places: Int32Array;
  readonly actual: Float64Array;
  readonly scale: Float64Array;
  /** Numbers, from 0, of each symbol's rows; without symbols that have none. */
  readonly own: ReadonlyMap<string, readonly number[]>;
}

function subjectRows(pool: Pool, { testFrom, testTo }: ImportanceInput["fold"], symbols: readonly string[]): SubjectRows {
  const wanted = new Set(symbols);
  const own = new Map<string, number[]>();
  const places: number[] = [];
  for (let row = testFrom; row < testTo; row++) {
    const symbol = pool.symbols[pool.symbolIndex[row]];
    if (!wanted.has(symbol)) continue;
    const rows = own.get(symbol);
    if (rows) rows.push(places.length);
    else own.set(symbol, [places.length]);
    places.push(row);
  }
  const pick = (values: Float64Array) => Float64Array.from(places, (place) => values[place]);
  return { places: Int32Array.from(places), actual: pick(pool.actual), scale: pick(pool.scale), own };
}

/** Brier score of a classifier, RMSE of a regressor. */
function lossOf({ actual, scale }: SubjectRows, output: Float64Array, rows: readonly number[], task: Task): number {
  let squares = 0;
  for (const row of rows) {
    const truth = task === "classification" ? Number(actual[row] > 0) : actual[row];
    squares += (truth - forecastOf(task, output[row], scale[row])) ** 2;
  }
  return task === "classification" ? squares / rows.length : Math.sqrt(squares / rows.length);
}

/** Fisher–Yates within each group of rows. */
function shuffle(column: Float64Array, groups: Iterable<readonly number[]>, random: Random): Float64Array {
  const out = Float64Array.from(column);
  for (const rows of groups) {
    for (let i = rows.length - 1; i > 0; i--) {
      const j = random.int(i + 1);
      [out[rows[i]], out[rows[j]]] = [out[rows[j]], out[rows[i]]];
    }
  }
  return out;
}

function spread(values: readonly number[]): { increase: number; deviation: number } {
  const increase = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - increase) ** 2, 0);
  return { increase, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
