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

/** What decides a pool's rows: a coin's rows that can be used, without its features. */
export interface PoolMember extends Pick<FeatureMatrix, "symbol" | "interval" | "featureSet" | "names"> {
  /** candles ahead */
  readonly horizon: number;
  /** n rows of the coin's matrix that are learned from or judged, ascending */
  readonly rows: Int32Array;
  /** open times of these rows, ms UTC */
  readonly openTime: Float64Array;
  /** forward log returns */
  readonly actual: Float64Array;
  /** see {@link forecastScale} */
  readonly scale: Float64Array;
}

/** A pool whose feature columns are filled coin by coin, so that only one coin's matrix has to be in memory beside it. */
export interface PoolLayout {
  /** its columns hold zeros until every member is filled in */
  readonly pool: Pool;
  /** @param columns all rows of the member's matrix */
  fill(member: number, columns: readonly Float64Array[]): void;
}

/**
 * @throws {InvalidInputError} if the matrices differ in interval or feature set
 * @throws {NotEnoughDataError} if no row is left
 */
export function assemblePool(matrices: readonly FeatureMatrix[], { horizon }: { horizon: number }): Pool {
  const { pool, fill } = layOutPool(matrices.map((matrix) => poolMember(matrix, horizon)));
  matrices.forEach(({ columns }, member) => {
    fill(member, columns);
  });
  return pool;
}

/** A coin's rows with volatility, a known target, and enough known features. */
export function poolMember(matrix: FeatureMatrix, horizon: number): PoolMember {
  const { symbol, interval, featureSet, names, columns, volatility, openTime } = matrix;
  const actual = forwardLogReturnAt(openTime, matrix.close, horizon, intervalMs(interval));
  const isUsable = (row: number) =>
    hasVolatility(volatility[row]) && !Number.isNaN(actual[row]) && areEnough(countKnown(columns, row), columns.length);
  const rows = Int32Array.from(openTime.keys()).filter(isUsable);
  return {
    ...{ symbol, interval, featureSet, names, horizon, rows },
    openTime: Float64Array.from(rows, (row) => openTime[row]),
    actual: Float64Array.from(rows, (row) => actual[row]),
    scale: Float64Array.from(rows, (row) => forecastScale(volatility[row], horizon)),
  };
}

/**
 * @throws {InvalidInputError} if the members differ in interval or feature set
 * @throws {NotEnoughDataError} if no row is left
 */
export function layOutPool(members: readonly PoolMember[]): PoolLayout {
  const [first] = members;
  if (!first) throw new NotEnoughDataError("a pool of no coins has no rows");
  for (const { symbol, interval, featureSet } of members) {
    if (interval !== first.interval || featureSet.digest !== first.featureSet.digest) {
      throw new InvalidInputError(`${symbol} has ${interval} features of set ${featureSet.digest.slice(0, 8)}, ${first.symbol} has others`);
    }
  }
  const places = placesByTime(members);
  const n = places.reduce((sum, { length }) => sum + length, 0);
  if (n === 0)
    throw new NotEnoughDataError(`${members.map(({ symbol }) => symbol).join(", ")}: no candle has both features and a known target`);
  const empty = () => new Float64Array(new SharedArrayBuffer(n * Float64Array.BYTES_PER_ELEMENT));
  const pool = {
    symbols: members.map(({ symbol }) => symbol),
    interval: first.interval,
    horizon: first.horizon,
    featureSet: first.featureSet,
    names: first.names,
    columns: first.names.map(empty),
    symbolIndex: new Int32Array(new SharedArrayBuffer(n * Int32Array.BYTES_PER_ELEMENT)),
    openTime: empty(),
    actual: empty(),
    scale: empty(),
  };
  members.forEach((member, m) => {
    places[m].forEach((place, i) => {
      pool.symbolIndex[place] = m;
      pool.openTime[place] = member.openTime[i];
      pool.actual[place] = member.actual[i];
      pool.scale[place] = member.scale[i];
    });
  });
  return {
    pool,
    fill(member, columns) {
      const { rows } = members[member];
      const own = places[member];
      for (let f = 0; f < columns.length; f++) {
        const from = columns[f];
        const to = pool.columns[f];
        for (let i = 0; i < own.length; i++) to[own[i]] = from[rows[i]];
      }
    },
  };
}

/** Where each row of each member comes in the order of time, then of members. */
function placesByTime(members: readonly PoolMember[]): Int32Array[] {
  const times = new Float64Array(members.reduce((sum, { rows }) => sum + rows.length, 0));
  let at = 0;
  for (const { openTime } of members) {
    times.set(openTime, at);
    at += openTime.length;
  }
  times.sort();
  // Each time's first place; members take the places of a time in turn.
  const dates: number[] = [];
  const next: number[] = [];
  for (let i = 0; i < times.length; i++) {
    if (i > 0 && times[i] === times[i - 1]) continue;
    dates.push(times[i]);
    next.push(i);
  }
  return members.map(({ openTime }) => {
    let date = 0;
    return Int32Array.from(openTime, (time) => {
      while (dates[date] < time) date++;
      return next[date]++;
    });
  });
}
