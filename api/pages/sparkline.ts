import { html } from "hono/html";

type Html = ReturnType<typeof html>;

const WIDTH = 132;
const HEIGHT = 34;
/** The part of the width that is kept for the prediction. */
const AHEAD = 14;
const MARGIN = 3;

export interface SparklineInput {
  readonly symbol: string;
  /** closes, oldest first; NaN is unknown */
  readonly closes: Float64Array;
  /** prices; null where there is no prediction to show */
  readonly predicted: { readonly price: number; readonly lower: number | null; readonly upper: number | null } | null;
}

/** Recent closes as a line, with the prediction and its interval at the end. */
export function sparkline({ symbol, closes, predicted }: SparklineInput): Html {
  const known = [...closes].filter(Number.isFinite);
  if (known.length < 2) return html`<span class="muted small">too few candles</span>`;
  const shown = [...known, ...(predicted ? [predicted.price, predicted.lower, predicted.upper] : [])].filter((value) => value !== null);
  const low = Math.min(...shown);
  const high = Math.max(...shown);
  const x = (i: number) => (MARGIN + (i * (WIDTH - AHEAD - 2 * MARGIN)) / (known.length - 1)).toFixed(1);
  const y = (price: number) => (high > low ? MARGIN + ((high - price) * (HEIGHT - 2 * MARGIN)) / (high - low) : HEIGHT / 2).toFixed(1);
  const end = (WIDTH - AHEAD / 2).toFixed(1);
  const title = `${symbol}: the last ${known.length} closes${predicted ? ", and the prediction with its interval" : ""}`;
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
    <path class="line" d="M${known.map((price, i) => `${x(i)},${y(price)}`).join("L")}" />
    ${
      predicted && predicted.lower !== null && predicted.upper !== null
        ? html`<line class="range" x1="${end}" x2="${end}" y1="${y(predicted.lower)}" y2="${y(predicted.upper)}" />`
        : ""
    }
    ${predicted ? html`<circle class="dot" cx="${end}" cy="${y(predicted.price)}" r="2.6" />` : ""}
  </svg>`;
}
