import type { AssessedModel, Assessment } from "../../core/evaluation/assess.ts";
import type { JudgedPredictions } from "../../core/evaluation/judged-predictions.ts";
import type { FeatureMatrix } from "../../core/features/feature-matrix.ts";
import type { Model } from "../../core/models/model.ts";
import { seedFrom } from "../../core/random.ts";
import { buildReport, indexRows } from "../../core/reports/build-report.ts";
import { EXPLAINED_ROWS, NOTHING_TO_EXPLAIN } from "../../core/reports/explain.ts";
import type { Explanation, Importance } from "../../core/reports/report.ts";
import { leadingModel, mainChampion } from "../../core/serving/champion.ts";
import { membersOf } from "../../core/serving/ensemble.ts";
import { NotEnoughDataError } from "../../core/vocabulary/errors.ts";
import type { AlgorithmName } from "../../core/vocabulary/model-names.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";
import { keyOf } from "../../storage/layout.ts";
import { getVerified } from "../../storage/object-store/immutable.ts";
import { putJson } from "../../storage/object-store/json-objects.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import type { LoadedPool } from "./load-pool.ts";
import type { TrainingGroup } from "./plan-training.ts";
import type { TrainedModel } from "./train-model.ts";

/** Shuffles per feature. Each costs one prediction of the last fold. */
const REPEATS = 5;

/** Where each symbol's report is. */
export type ReportRefs = Readonly<Record<string, ObjectRef>>;

export interface WriteReportsInput {
  readonly group: TrainingGroup;
  readonly models: readonly TrainedModel[];
  readonly loaded: LoadedPool;
  readonly predictions: JudgedPredictions;
  readonly assessment: Assessment;
  /** of the prediction intervals */
  readonly coverage: number;
  readonly signal: AbortSignal;
}

/** Writes a report for each symbol of a group. The same training gives the same bytes under the same keys. */
export async function writeReports(deps: ActivityDependencies, input: WriteReportsInput): Promise<ReportRefs> {
  const { group, loaded, predictions, assessment, coverage } = input;
  const { store } = deps;
  const { pool, matrices } = loaded;
  const [importance, explanations] = await Promise.all([measureImportance(deps, input), explainAll(deps, input)]);
  const refs: Record<string, ObjectRef> = {};
  for (const [i, { symbol }] of matrices.entries()) {
    const table = predictions.ofSymbol(symbol);
    // A coin that was never tested has nothing to show.
    if (table.openTime.length === 0) continue;
    const report = buildReport(table, indexRows(table), {
      symbol,
      scope: group.scope,
      interval: matrices[i].interval,
      horizon: pool.horizon,
      coverage,
      models: assessment[symbol],
      importance: importance[symbol] ?? null,
      explanation: explanations[i],
    });
    refs[symbol] = await putJson(store, (digest) => keyOf("reports", { digest }), report);
  }
  return refs;
}

/** How much each feature matters to a symbol's champion, or to its best regressor where there is none. Symbols that share one are measured together. */
async function measureImportance({ fitPool }: ActivityDependencies, input: WriteReportsInput): Promise<Record<string, Importance>> {
  const { group, loaded, assessment, signal } = input;
  const { pool, folds } = loaded;
  const subjects = Object.groupBy(
    pool.symbols,
    (symbol) => (mainChampion(assessment[symbol]) ?? leadingModel(assessment[symbol], "regression")).name,
  );
  const fold = folds[folds.length - 1];
  const fits = new Map<AlgorithmName, Promise<Model["body"]>>();
  const fitOf = (algorithm: AlgorithmName): Promise<Model["body"]> => {
    const options = { scope: group.scope, seed: seedFrom(group.key, algorithm), signal };
    const fit = fits.get(algorithm) ?? fitPool.fitFold(pool, fold, algorithm, options);
    fits.set(algorithm, fit);
    return fit;
  };
  const found = await Promise.all(
    Object.entries(subjects).map(async ([name, symbols]) => {
      const model = name as AssessedModel["name"];
      const members = await Promise.all(membersOf(model).map(fitOf));
      const seed = seedFrom(group.key, "importance");
      return fitPool.measureImportance({ pool, fold, model, members, symbols, repeats: REPEATS, seed }, signal);
    }),
  );
  return Object.assign({}, ...found);
}

/** Why each symbol's champion predicts what it does. */
async function explainAll({ store, fitPool }: ActivityDependencies, input: WriteReportsInput): Promise<Explanation[]> {
  const { group, models, loaded, assessment, signal } = input;
  const files = new Map<AlgorithmName, Promise<Uint8Array>>();
  const fileOf = (algorithm: AlgorithmName): Promise<Uint8Array> => {
    const trained = models.find((model) => model.algorithm === algorithm);
    if (!trained) throw new NotEnoughDataError(`${group.key} has no model ${algorithm}`);
    const file = files.get(algorithm) ?? getVerified(store, trained.file);
    files.set(algorithm, file);
    return file;
  };
  const served = new Map(
    loaded.matrices.flatMap(({ symbol }) => {
      const champion = mainChampion(assessment[symbol]);
      return champion ? [[symbol, champion] as const] : [];
    }),
  );
  const byModel = Map.groupBy(
    loaded.matrices.filter(({ symbol }) => served.has(symbol)),
    ({ symbol }) => (served.get(symbol) as AssessedModel).name,
  );
  const found = new Map<string, Explanation>();
  await Promise.all(
    [...byModel].map(async ([model, matrices]) => {
      const members = await Promise.all(membersOf(model).map(fileOf));
      const coins = matrices.map((matrix) => ({ rows: newestRows(matrix), interval: matrix.interval }));
      const task = (served.get(matrices[0].symbol) as AssessedModel).task;
      const explanations = await fitPool.explain({ model, task, members, coins }, signal);
      matrices.forEach(({ symbol }, i) => {
        found.set(symbol, explanations[i]);
      });
    }),
  );
  return loaded.matrices.map(({ symbol }) => found.get(symbol) ?? NOTHING_TO_EXPLAIN);
}

function newestRows({ names, columns }: FeatureMatrix) {
  return { names, columns: columns.map((column) => column.slice(-EXPLAINED_ROWS)) };
}
