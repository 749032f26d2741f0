import { html } from "hono/html";

/** The card with which visitors make a prediction again in their own browser. */
export function checkCard(symbol: string, isCheckable: boolean) {
  return html`<section class="card" id="check">
    <h2>Check it yourself</h2>
    <p>Your browser can fetch the candles, features and models of this prediction, make it again with the same code, and compare every bit.</p>
    ${
      isCheckable
        ? html`<p><button type="button" class="action" id="check-button" data-symbol="${symbol}" data-root="../" data-checker="../assets/checker.mjs" hidden>Check this prediction</button></p>
            <p id="check-said" role="status"></p>
            <div class="scroll" id="check-steps" role="region" aria-label="What was checked" tabindex="0" hidden></div>
            <noscript><p>The check needs JavaScript.</p></noscript>`
        : html`<p class="notice">Checking isn’t available here, because this service was installed without what makes the code for browsers.</p>`
    }
    <p class="small muted">The code comes from this service, too. Who doesn’t trust it can run the same check from a copy of the project: <code>node scripts/check-prediction.mjs URL ${symbol}</code></p>
  </section>`;
}
