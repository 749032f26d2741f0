import { html } from "hono/html";

type Html = ReturnType<typeof html>;

const WIDTH = 180;
const HEIGHT = 52;
/** The part of the width that is kept for the prediction. */
const AHEAD = 34;
const MARGIN = 4;

export interface SparklineInput {
  readonly symbol: string;
  /** closes, oldest first; NaN is unknown */
  readonly closes: Float64Array;
  /** prices; null where there is no prediction to show */
  readonly predicted: { readonly price: number; readonly lower: number | null; readonly upper: number | null } | null;
}

/** Recent closes as a line, with the prediction as a cone that opens to its interval. */
export function sparkline({ symbol, closes, predicted }: SparklineInput): Html {
  const known = [...closes].filter(Number.isFinite);
  if (known.length < 2) return html`<span class="muted small">too few candles</span>`;
  const shown = [...known, ...(predicted ? [predicted.price, predicted.lower, predicted.upper] : [])].filter((value) => value !== null);
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  const last = WIDTH - AHEAD;
  const x = (i: number) => (MARGIN + (i * (last - MARGIN)) / (known.length - 1)).toFixed(1);
  const y = (price: number) => (high > low ? MARGIN + ((high - price) * (HEIGHT - 2 * MARGIN)) / (high - low) : HEIGHT / 2).toFixed(1);
  const end = WIDTH - MARGIN;
  const start = `${last.toFixed(1)},${y(known[known.length - 1])}`;
  const label = `${symbol}: its last ${known.length} closes${predicted ? ", and the predicted close with its interval" : ""}`;
  const cone =
    predicted && predicted.lower !== null && predicted.upper !== null
      ? html`<path class="cone" d="M${start}L${end},${y(predicted.upper)}L${end},${y(predicted.lower)}Z" />`
      : "";
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}">
    ${cone}<path class="line" d="M${known.map((price, i) => `${x(i)},${y(price)}`).join("L")}" />
    ${predicted ? html`<path class="ahead" d="M${start}L${end - 2},${y(predicted.price)}" /><circle class="dot" cx="${end - 2}" cy="${y(predicted.price)}" r="3" />` : ""}
  </svg>`;
}
