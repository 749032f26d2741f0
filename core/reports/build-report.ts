import type { AssessedModel } from "../evaluation/assess.ts";
import type { EvaluationTable } from "../evaluation/evaluation-table.ts";
import { brierSkill, rmseSkill } from "../evaluation/skill/skill.ts";
import { leadingModel } from "../serving/champion.ts";
import { InvalidInputError } from "../vocabulary/errors.ts";
import type { Interval } from "../vocabulary/interval.ts";
import type { ModelName, Scope } from "../vocabulary/model-names.ts";
import { isClassifier } from "../vocabulary/model-names.ts";
import { isSimulated } from "../vocabulary/symbol.ts";
import { reliabilityCurve } from "./curve.ts";
import type { CumulativeSkill, Explanation, Importance, IntervalCoverage, SymbolReport } from "./report.ts";

const GROUPS = 10;
/** Skill over fewer predictions than this varies too much to be shown. */
const FIRST_POINT = 30;
/** The most points of the cumulative skill: a picture can't show more. */
const MAX_POINTS = 200;

export interface BuildReportInput {
  readonly symbol: string;
  readonly scope: Scope;
  readonly interval: Interval;
  readonly horizon: number;
  /** of the prediction intervals */
  readonly coverage: number;
  /** the symbol's models, judged */
  readonly models: readonly AssessedModel[];
  readonly importance: Importance | null;
  readonly explanation: Explanation;
}

/** Rows of an evaluation table by symbol, then model; in the order of the table, which is chronological. */
export type RowIndex = ReadonlyMap<string, ReadonlyMap<string, readonly number[]>>;

export function indexRows({ symbol, model }: Pick<EvaluationTable, "symbol" | "model">): RowIndex {
  const found = new Map<string, Map<string, number[]>>();
  for (let row = 0; row < symbol.length; row++) {
    const models = found.get(symbol[row]) ?? new Map<string, number[]>();
    const rows = models.get(model[row]) ?? [];
    rows.push(row);
    models.set(model[row], rows);
    found.set(symbol[row], models);
  }
  return found;
}

/** @throws {InvalidInputError} if the table has no prediction by one of the symbol's models */
export function buildReport(table: EvaluationTable, index: RowIndex, input: BuildReportInput): SymbolReport {
  const { symbol, scope, interval, horizon, models, importance, explanation } = input;
  const rowsOf = (model: ModelName): readonly number[] => {
    const rows = index.get(symbol)?.get(model);
    if (!rows) throw new InvalidInputError(`there is no prediction of ${symbol} by ${model}`);
    return rows;
  };
  const regressor = leadingModel(models, "regression").name;
  const classifiers = models.filter(({ task }) => task === "classification").map(({ name }) => name);
  const curve = (model: ModelName, kind: "normal" | "wilson") => {
    const pick = (column: Float64Array) => Float64Array.from(rowsOf(model), (row) => column[row]);
    return { model, bins: reliabilityCurve(pick(table.prediction), pick(table.actual), { groups: GROUPS, interval: kind }) };
  };
  const rows = rowsOf(regressor);
  return {
    schema: "candlecast.report/1",
    symbol,
    simulated: isSimulated(symbol),
    scope,
    interval,
    horizon,
    tested: { from: iso(table.openTime[rows[0]]), to: iso(table.openTime[rows[rows.length - 1]]), candles: rows.length },
    regressor,
    classifier: leadingModel(models, "classification").name,
    predictedAgainstActual: curve(regressor, "normal"),
    cumulativeSkill: cumulativeSkill(
      table,
      models.map(({ name }) => ({ name, rows: rowsOf(name) })),
    ),
    calibration: classifiers.map((model) => curve(model, "wilson")),
    coverage: intervalCoverage(table, rows, regressor, input.coverage),
    importance,
    explanation,
  };
}

/** All models have the same dates: every k-th, counted from the last, so that the last value is the model's skill. */
function cumulativeSkill(
  { openTime, prediction, actual, baseline }: EvaluationTable,
  models: readonly { readonly name: ModelName; readonly rows: readonly number[] }[],
): CumulativeSkill {
  const n = models[0].rows.length;
  const step = Math.max(1, Math.ceil((n - FIRST_POINT) / MAX_POINTS));
  const shown = (i: number) => i === n - 1 || (i >= FIRST_POINT && (n - 1 - i) % step === 0);
  return {
    dates: models[0].rows.filter((_, i) => shown(i)).map((row) => iso(openTime[row])),
    models: models.map(({ name, rows }) => {
      const skillOf = isClassifier(name) ? brierSkill : rmseSkill;
      let model = 0;
      let base = 0;
      const skill = rows.map((row) => {
        model += (actual[row] - prediction[row]) ** 2;
        base += (actual[row] - baseline[row]) ** 2;
        return skillOf(model, base);
      });
      return { model: name, baseline: isClassifier(name) ? "class_prior" : "no_change", skill: skill.filter((_, i) => shown(i)) };
    }),
  };
}

function intervalCoverage(
  { openTime, fold, lower, upper, actual }: EvaluationTable,
  rows: readonly number[],
  model: ModelName,
  nominal: number,
): IntervalCoverage {
  const folds = [...new Set(rows.map((row) => fold[row]))];
  return {
    model,
    nominal,
    folds: folds.map((number) => {
      const own = rows.filter((row) => fold[row] === number);
      const withInterval = own.filter((row) => !Number.isNaN(lower[row]) && !Number.isNaN(upper[row]));
      return {
        fold: number,
        from: iso(openTime[own[0]]),
        to: iso(openTime[own[own.length - 1]]),
        n: withInterval.length,
        covered: withInterval.filter((row) => lower[row] <= actual[row] && actual[row] <= upper[row]).length,
      };
    }),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
