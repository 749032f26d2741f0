import type { Interval } from "../vocabulary/interval.ts";

/** How a feature is called and its values are written, for people. */
export interface FeatureWords {
  readonly label: string;
  readonly show: (value: number) => string;
}

type Entry = { readonly label: (unit: string) => string; readonly show: (value: number) => string };

const UNITS: Readonly<Record<Interval, string>> = { "1d": "day", "1h": "hour", "1m": "minute" };

const signed = (text: string, value: number) => (value > 0 ? `+${text}` : text).replace("-", "−");
const plain = (value: number) => value.toFixed(Math.abs(value) < 10 ? 2 : 0).replace("-", "−");
const percent = (value: number) => signed(`${(100 * value).toFixed(2)} %`, value);
const share = (value: number) => `${(100 * value).toFixed(2)} %`.replace("-", "−");
const points = (value: number) => signed(`${value.toFixed(2)} %`, value);
/** Of a logarithm of a change. */
const change = (value: number) => percent(Math.expm1(value));
/** Of a logarithm of a ratio. */
const times = (value: number) => `${Math.exp(value).toFixed(2)}×`;
const deviations = (value: number) => signed(`${value.toFixed(2)} deviations`, value);

const entry = (label: Entry["label"], show: Entry["show"]): Entry => ({ label, show });

const averages = (name: string, spans: readonly number[], kind: string) =>
  spans.map((span) => [`${name}_${span}`, entry((unit) => `close against its ${span}-${unit} ${kind}`, percent)] as const);

const WORDS: Readonly<Record<string, Entry>> = Object.fromEntries([
  ...averages("sma_ratio", [10, 20, 50, 100], "average"),
  ...averages("ema_ratio", [12, 26], "exponential average"),
  ...averages("hull_ratio", [9, 21, 55], "Hull average"),
  ["adx_14", entry(() => "trend strength (ADX 14)", plain)],
  ["plus_di_14", entry(() => "upward movement (+DI 14)", plain)],
  ["minus_di_14", entry(() => "downward movement (−DI 14)", plain)],
  ["drawdown_90", entry((unit) => `distance from the 90-${unit} high`, percent)],
  ["price_robust_z_61", entry((unit) => `close against its 61-${unit} median`, deviations)],
  ...[7, 14].map((period) => [`rsi_${period}`, entry(() => `RSI ${period}`, plain)] as const),
  ["macd_line", entry(() => "MACD line over the price", percent)],
  ["macd_signal", entry(() => "MACD signal over the price", percent)],
  ["macd_histogram", entry(() => "MACD histogram over the price", percent)],
  ["stochastic_k_14", entry(() => "stochastic %K 14", plain)],
  ["stochastic_d_14", entry(() => "stochastic %D 14", plain)],
  ["williams_r_28", entry(() => "Williams %R 28", plain)],
  ["cci_20", entry(() => "commodity channel index (CCI 20)", plain)],
  ["roc_12", entry((unit) => `change over 12 ${unit}s (ROC)`, points)],
  ["momentum_10", entry((unit) => `10-${unit} momentum in average ranges`, plain)],
  ["obv_robust_z_61", entry((unit) => `on-balance volume against its 61-${unit} median`, deviations)],
  ["volume_momentum_10", entry((unit) => `change of volume over 10 ${unit}s`, change)],
  ["volume_ratio_20", entry((unit) => `volume against its 20-${unit} average`, times)],
  ...[1, 7].map(
    (lag) =>
      [`market_cap_change_${lag}`, entry((unit) => `change of market cap over ${lag} ${unit}${lag > 1 ? "s" : ""}`, change)] as const,
  ),
  ["volatility_ewm_20", entry((unit) => `20-${unit} volatility`, share)],
  ["volatility_60", entry((unit) => `60-${unit} volatility`, share)],
  ["volatility_ratio_10_60", entry((unit) => `10-${unit} volatility against its 60-${unit} level`, times)],
  ["parkinson_10", entry((unit) => `10-${unit} volatility of highs and lows`, share)],
  ["atr_ratio_14", entry((unit) => `14-${unit} average range over the price`, share)],
  ["bollinger_percent_b_20", entry(() => "place in the Bollinger band (0 bottom, 1 top)", plain)],
  ["bollinger_width_20", entry(() => "width of the Bollinger band", share)],
  ...[1, 2, 3, 5, 10, 20].map(
    (lag) => [`log_return_${lag}`, entry((unit) => `change over ${lag} ${unit}${lag > 1 ? "s" : ""}`, change)] as const,
  ),
  ...[1, 2, 3, 5, 10, 20].map(
    (lag) =>
      [
        `scaled_return_${lag}`,
        entry(
          (unit) => `${lag}-${unit} change in units of its usual size`,
          (value) => signed(plain(value), value),
        ),
      ] as const,
  ),
  ["candle_body", entry(() => "body of the last candle", percent)],
  ["upper_shadow", entry(() => "upper shadow of the last candle", share)],
  ["lower_shadow", entry(() => "lower shadow of the last candle", share)],
  ["day_of_week_sin", entry(() => "day of the week (sine)", plain)],
  ["day_of_week_cos", entry(() => "day of the week (cosine)", plain)],
]);

const IN_VOLATILITIES = "_in_volatilities";

/** Words for a feature; one that has none keeps its name. */
export function wordsFor(feature: string, interval: Interval): FeatureWords {
  if (feature.endsWith(IN_VOLATILITIES)) {
    const { label } = wordsFor(feature.slice(0, -IN_VOLATILITIES.length), interval);
    return { label: `${label} (in volatilities)`, show: (value) => signed(plain(value), value) };
  }
  const words = WORDS[feature];
  return words ? { label: words.label(UNITS[interval]), show: words.show } : { label: feature, show: plain };
}
