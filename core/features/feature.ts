import type { Column } from "./column.ts";

/**
 * One input of the models: a number per candle that depends only on that candle and earlier ones, and not on the unit of
 * prices or volumes. What is undefined is NaN, never infinite. Windows count rows; gaps are not filled.
 */
export interface FeatureDefinition extends Pick<Column, "lookback" | "compute"> {
  /** snake_case, unique in its set */
  readonly name: string;
  /** Raised whenever the values for the same candles change. */
  readonly version: number;
  /** What people call it. @param unit length of a candle: day, hour or minute */
  readonly label: (unit: string) => string;
  /** Writes a value for people. */
  readonly show: (value: number) => string;
}

interface FeatureOptions extends Pick<FeatureDefinition, "show"> {
  /** 1 where it is left out */
  readonly version?: number;
  /** Also gets the lengths of the column's windows. */
  readonly label: (unit: string, ...lengths: number[]) => string;
}

/** A feature from a column. The lengths of the column's windows end its name: `rsi` over 14 candles is `rsi_14`. */
export function defineFeature(
  name: string,
  { lengths, lookback, compute }: Column,
  { version = 1, label, show }: FeatureOptions,
): FeatureDefinition {
  return { name: [name, ...lengths].join("_"), lookback, version, compute, label: (unit) => label(unit, ...lengths), show };
}
