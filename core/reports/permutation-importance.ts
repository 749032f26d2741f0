import type { Pool } from "../evaluation/pool.ts";
import { type FitOptions, fitFold } from "../evaluation/run-fold.ts";
import type { FoldPlan } from "../evaluation/walk-forward.ts";
import type { Model, TreesBody } from "../models/model.ts";
import { predictBody } from "../models/predict-model.ts";
import { sumTreesOver } from "../models/trees/predict-trees.ts";
import { createRandom, type Random } from "../random.ts";
import type { AlgorithmName, ModelName } from "../vocabulary/model-names.ts";
import { isClassifier } from "../vocabulary/model-names.ts";
import type { Importance } from "./report.ts";

export interface ImportanceInput {
  readonly pool: Pool;
  /** The last fold: its training rows are learned from, its test rows shuffled. */
  readonly fold: FoldPlan;
  readonly model: ModelName;
  /** The model itself, or an ensemble's members, with the seeds that they were evaluated with. */
  readonly members: readonly (FitOptions & { readonly algorithm: AlgorithmName })[];
  /** coins to measure on */
  readonly symbols: readonly string[];
  readonly repeats: number;
  readonly seed: number;
}

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) on out-of-sample rows: a feature's values on the
 * last fold are shuffled within each coin, and the loss of the model that was fitted before that fold is compared with the
 * loss on the true values. Features that say the same share their importance.
 *
 * @returns per symbol; symbols without a row in the fold, or whose loss is 0, are left out
 */
export function permutationImportance(input: ImportanceInput): Record<string, Importance> {
  const { pool, fold, model, members, repeats } = input;
  const { testFrom, testTo } = fold;
  const rows = testTo - testFrom;
  const classifier = isClassifier(members[0].algorithm);
  const bodies = members.map(({ algorithm, ...options }) => fitFold(pool, fold, algorithm, options));
  const columns: readonly Float64Array[] = pool.columns.map((column) => Float64Array.from(column.subarray(testFrom, testTo)));
  const own = rowsBySymbol(pool, fold, input.symbols);
  const said = bodies.map((body) => predictAll(body, columns, rows));
  const whole = meanOf(said);
  const losses = (prediction: Float64Array) =>
    new Map([...own].map(([symbol, at]) => [symbol, lossOf(pool, testFrom, prediction, at, classifier)]));
  const base = losses(whole);
  const increases = new Map([...own.keys()].map((symbol) => [symbol, pool.names.map(() => [] as number[])]));
  for (let f = 0; f < columns.length; f++) {
    const parts = bodies.map((body) => partReading(body, f));
    const before = parts.map((part) => (part ? predictAll(part, columns, rows) : null));
    for (let repeat = 0; repeat < repeats; repeat++) {
      const shuffled = columns.with(f, shuffle(columns[f], own.values(), createRandom(input.seed).fork(`${pool.names[f]} ${repeat}`)));
      const now = said.map((all, m) => {
        const part = parts[m];
        const former = before[m];
        if (!part || !former) return all;
        const changed = predictAll(part, shuffled, rows);
        return all.map((value, row) => value + changed[row] - former[row]);
      });
      for (const [symbol, loss] of losses(meanOf(now))) increases.get(symbol)?.[f].push(loss / (base.get(symbol) ?? Number.NaN) - 1);
    }
  }
  const iso = (row: number) => new Date(pool.openTime[testFrom + row]).toISOString();
  return Object.fromEntries(
    [...own]
      .filter(([symbol]) => (base.get(symbol) ?? 0) > 0)
      .map(([symbol, at]): [string, Importance] => [
        symbol,
        {
          model,
          loss: classifier ? "brier" : "rmse",
          from: iso(at[0]),
          to: iso(at[at.length - 1]),
          rows: at.length,
          repeats,
          features: pool.names
            .map((name, f) => ({ name, ...spread(increases.get(symbol)?.[f] ?? []) }))
            .sort((a, b) => b.increase - a.increase || (a.name < b.name ? -1 : 1)),
        },
      ]),
  );
}

/** Rows within the fold, of each symbol that has any. */
function rowsBySymbol(pool: Pool, { testFrom, testTo }: FoldPlan, symbols: readonly string[]): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (let row = testFrom; row < testTo; row++) {
    const symbol = pool.symbols[pool.symbolIndex[row]];
    if (!symbols.includes(symbol)) continue;
    const rows = found.get(symbol);
    if (rows) rows.push(row - testFrom);
    else found.set(symbol, [row - testFrom]);
  }
  return found;
}

function predictAll(body: Model["body"], columns: readonly Float64Array[], rows: number): Float64Array {
  if (body.kind !== "trees") return Float64Array.from({ length: rows }, (_, row) => predictBody(body, columns, row));
  return sumTreesOver(body.trees, columns, 0, rows).map((sum) => body.base + body.factor * sum);
}

/** The part of a model that a feature can change: few of its trees read it. Null where none does. */
function partReading(body: Model["body"], feature: number): Model["body"] | null {
  if (body.kind !== "trees") return body;
  const { trees } = body;
  const roots = trees.roots.filter((root, t) => {
    const end = t + 1 < trees.roots.length ? trees.roots[t + 1] : trees.left.length;
    for (let node = root; node < end; node++) if (trees.left[node] >= 0 && trees.feature[node] === feature) return true;
    return false;
  });
  return roots.length > 0 ? ({ ...body, base: 0, trees: { ...trees, roots } } satisfies TreesBody) : null;
}

function meanOf(predictions: readonly Float64Array[]): Float64Array {
  if (predictions.length === 1) return predictions[0];
  return predictions[0].map((_, row) => predictions.reduce((sum, one) => sum + one[row], 0) / predictions.length);
}

function lossOf(pool: Pool, testFrom: number, prediction: Float64Array, rows: readonly number[], classifier: boolean): number {
  let squares = 0;
  for (const row of rows) {
    const actual = pool.actual[testFrom + row];
    squares += (classifier ? Number(actual > 0) - prediction[row] : actual - prediction[row] * pool.scale[testFrom + row]) ** 2;
  }
  return classifier ? squares / rows.length : Math.sqrt(squares / rows.length);
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
