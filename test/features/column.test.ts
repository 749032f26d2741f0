import { describe, expect, test } from "vitest";
import {
  changes,
  followedBy,
  input,
  inUnitsOf,
  logRatioTo,
  overCandles,
  overColumn,
  rolling,
  withoutLengths,
} from "../../core/features/column.ts";
import { defineFeature } from "../../core/features/feature.ts";
import { livelyCandles } from "./random-candles.ts";

const close = input((series) => series.close);
const copy = (values: Float64Array) => values.slice();
const words = { label: (unit: string, ...lengths: number[]) => [unit, ...lengths].join(" "), show: String };

describe("a column derives how far it looks back", () => {
  test("from its window", () => {
    expect(overColumn(rolling(61), close, copy)).toMatchObject({ lengths: [61], lookback: 60 });
    expect(overColumn(changes(14), close, copy)).toMatchObject({ lengths: [14], lookback: 14 });
    expect(overCandles(followedBy(rolling(14), rolling(3)), copyClose)).toMatchObject({ lengths: [14], lookback: 15 });
  });

  test("from the column that it is made of", () => {
    const change = overColumn(changes(1), close, copy);
    expect(overColumn(rolling(60), change, copy)).toMatchObject({ lengths: [60], lookback: 60 });
  });

  test("from the farther of two columns, of which a unit does not show in the name and a reference does", () => {
    const short = overColumn(rolling(10), close, copy);
    const long = overColumn(changes(20), close, copy);
    expect(inUnitsOf(short, long)).toMatchObject({ lengths: [10], lookback: 20 });
    expect(logRatioTo(short, long)).toMatchObject({ lengths: [10, 20], lookback: 20 });
    expect(logRatioTo(long, short)).toMatchObject({ lengths: [20, 10], lookback: 20 });
  });
});

test("a feature is named and worded with the lengths of its windows", () => {
  const column = logRatioTo(overColumn(rolling(10), close, copy), overColumn(rolling(60), close, copy));
  const feature = defineFeature("ratio", column, words);
  expect(feature).toMatchObject({ name: "ratio_10_60", lookback: 59, version: 1 });
  expect(feature.label("hour")).toBe("hour 10 60");
  expect(defineFeature("ratio", withoutLengths(column), { ...words, version: 3 })).toMatchObject({
    name: "ratio",
    lookback: 59,
    version: 3,
  });
});

test("a calculation gets the length of its window", () => {
  const series = livelyCandles(5);
  const scaled = overColumn(rolling(4), close, (values, length) => values.map((value) => value * length));
  expect(scaled.compute(series)).toEqual(series.close.map((value) => value * 4));
  expect(overCandles(changes(3), ({ low }, length) => low.map((value) => value - length)).compute(series)).toEqual(
    series.low.map((value) => value - 3),
  );
});

function copyClose({ close }: { close: Float64Array }): Float64Array {
  return close.slice();
}
