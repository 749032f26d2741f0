import { html } from "hono/html";

type Html = ReturnType<typeof html>;

/** The words of the pages that a reader may not know. */
const TERMS = {
  predicted:
    "The close of the candle that ends at the time shown, as the served model expects it. Below it: the prices between which the close is likely to lie, by the model’s past errors; the coin’s page says how likely.",
  skill:
    "How much smaller the model’s error is than that of “no change”, on candles that it had not seen. A model is served only if its skill is above zero for certain; otherwise the last close is shown, with “no skill”.",
  chance:
    "The probability that the predicted close is above the last one. Without a model that has skill, it is how often it rose in the past.",
  volatility:
    "The usual size of a move within one candle: the standard deviation of recent returns. Of all that is predicted here, it is the best known.",
  candle: "The newest candle that the prediction knows: the prices of one interval, from its opening to its close.",
  withheld: "No number is given, because something that it needs is missing or too unlike the past. The reason stands beside it.",
  simulated: "A made-up coin. Its prices follow a known law, so that the models can be checked against the truth.",
  coverage: "The share of closes that came to lie within the predicted interval. It should be near the share that the interval promises.",
  baseline: "What a model has to beat: for prices “no change”, for directions the usual share of rises.",
  live: "Of predictions that were published before the candle closed.",
  walkForward: "Of predictions on past candles, each made by a model that had seen only earlier ones. They were never published.",
} as const;

export type Term = keyof typeof TERMS;

/** A word that explains itself when it is pressed, by mouse, touch or keyboard. */
export function term(name: Term, label: string): Html {
  return html`<button type="button" class="term" popovertarget="term-${name}">${label}</button>`;
}

/** What the words of a page open; once a page. */
export function glossary(names: readonly Term[]): Html {
  return html`${names.map((name) => html`<div popover id="term-${name}" class="explained"><p>${TERMS[name]}</p></div>`)}`;
}
