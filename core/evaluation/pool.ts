import type { FeatureMatrix } from "../features/feature-matrix.ts";
import { forwardLogReturnAt } from "../features/targets.ts";
import { forecastScale } from "../serving/forecast.ts";
import { areEnough, countKnown, hasVolatility } from "../serving/usable-row.ts";
import { InvalidInputError, NotEnoughDataError } from "../vocabulary/errors.ts";
import type { Interval } from "../vocabulary/interval.ts";
import { intervalMs } from "../vocabulary/interval.ts";

/**
 * The rows that a group's models learn from and are judged on: n rows of all its coins, ordered by open time, then symbol,
 * all with a known target. The arrays are in shared memory, so threads read them without copies.
 */
export interface Pool {
  readonly symbols: readonly string[];
  readonly interval: Interval;
  /** candles ahead */
  readonly horizon: number;
  readonly featureSet: { readonly name: string; readonly digest: string };
  readonly names: readonly string[];
  /** one column a feature */
  readonly columns: readonly Float64Array[];
  /** index into `symbols` */
  readonly symbolIndex: Int32Array;
  /** of the last candle seen, ms UTC */
  readonly openTime: Float64Array;
  /** forward log return */
  readonly actual: Float64Array;
  /** what a regressor's output is multiplied by, see {@link forecastScale} */
  readonly scale: Float64Array;
}

/**
 * @throws {InvalidInputError} if the matrices differ in interval or feature set
 * @throws {NotEnoughDataError} if no row is left
 */
export function assemblePool(matrices: readonly FeatureMatrix[], { horizon }: { horizon: number }): Pool {
  const [first] = matrices;
  if (!first) throw new NotEnoughDataError("a pool of no coins has no rows");
  for (const { symbol, interval, featureSet } of matrices) {
    if (interval !== first.interval || featureSet.digest !== first.featureSet.digest) {
      throw new InvalidInputError(`${symbol} has ${interval} features of set ${featureSet.digest.slice(0, 8)}, ${first.symbol} has others`);
    }
  }
  const places: { matrix: number; row: number; time: number; actual: number }[] = [];
  matrices.forEach((matrix, m) => {
    const actual = forwardLogReturnAt(matrix.openTime, matrix.close, horizon, intervalMs(matrix.interval));
    for (let row = 0; row < matrix.openTime.length; row++) {
      if (isUsable(matrix, actual, row)) places.push({ matrix: m, row, time: matrix.openTime[row], actual: actual[row] });
    }
  });
  if (places.length === 0)
    throw new NotEnoughDataError(`${matrices.map(({ symbol }) => symbol).join(", ")}: no candle has both features and a known target`);
  places.sort((a, b) => a.time - b.time || a.matrix - b.matrix);
  const column = (value: (place: (typeof places)[number]) => number) => {
    const out = new Float64Array(new SharedArrayBuffer(places.length * 8));
    for (let i = 0; i < places.length; i++) out[i] = value(places[i]);
    return out;
  };
  const symbolIndex = new Int32Array(new SharedArrayBuffer(places.length * 4));
  places.forEach(({ matrix }, i) => {
    symbolIndex[i] = matrix;
  });
  return {
    symbols: matrices.map(({ symbol }) => symbol),
    interval: first.interval,
    horizon,
    featureSet: first.featureSet,
    names: first.names,
    columns: first.names.map((_, f) => column(({ matrix, row }) => matrices[matrix].columns[f][row])),
    symbolIndex,
    openTime: column(({ time }) => time),
    actual: column(({ actual }) => actual),
    scale: column(({ matrix, row }) => forecastScale(matrices[matrix].volatility[row], horizon)),
  };
}

function isUsable({ columns, volatility }: FeatureMatrix, actual: Float64Array, row: number): boolean {
  return hasVolatility(volatility[row]) && !Number.isNaN(actual[row]) && areEnough(countKnown(columns, row), columns.length);
}
