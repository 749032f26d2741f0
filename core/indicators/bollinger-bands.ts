import { countUnchanged } from "./unchanged.ts";

/** Bands at a distance of standard deviations (population) around the simple moving average. */
export interface BollingerBands {
  readonly upper: Float64Array;
  readonly middle: Float64Array;
  readonly lower: Float64Array;
  /** place of the close: 0 at the lower band, 1 at the upper one; NaN where the bands have no width */
  readonly percentB: Float64Array;
}

/** Bollinger bands of n closes; the first `period - 1` are NaN. */
export function bollingerBands(close: Float64Array, period: number, deviations = 2): BollingerBands {
  const n = close.length;
  const column = () => new Float64Array(n).fill(Number.NaN);
  const bands = { upper: column(), middle: column(), lower: column(), percentB: column() };
  const unchanged = countUnchanged(close);
  for (let i = period - 1; i < n; i++) {
    let sum = 0;
    for (let j = i - period + 1; j <= i; j++) sum += close[j];
    const mean = sum / period;
    let squares = 0;
    for (let j = i - period + 1; j <= i; j++) {
      const deviation = close[j] - mean;
      squares += deviation * deviation;
    }
    // A price that stood still has no deviation, whatever rounding leaves of its sum.
    const flat = unchanged[i] >= period;
    const distance = flat ? 0 : deviations * Math.sqrt(squares / period);
    bands.middle[i] = mean;
    bands.upper[i] = mean + distance;
    bands.lower[i] = mean - distance;
    const width = bands.upper[i] - bands.lower[i];
    if (!flat && width > 0) bands.percentB[i] = (close[i] - bands.lower[i]) / width;
  }
  return bands;
}
