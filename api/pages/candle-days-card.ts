import { html } from "hono/html";
import type { CandleDays, CandleState } from "../served/candle-days.ts";
import { clock } from "./format.ts";

type Html = ReturnType<typeof html>;

const SIGNS: Readonly<Record<CandleState, string>> = { there: "✓", stale: "~", failed: "!", missing: "·" };
const LONGEST_MS = 86_400_000;

const cards = new WeakMap<CandleDays, Html>();

/** The last candles of each coin. @param days null while the store is being looked through */
export function candleDaysCard(days: CandleDays | null): Html {
  if (!days)
    return html`<section class="card">
      <h2>Stored candles</h2>
      <p>The store is being looked through for the last candles of each coin; they are shown when this page is opened again.</p>
    </section>`;
  // Thousands of cells, so they are written once.
  const card = cards.get(days) ?? draw(days);
  cards.set(days, card);
  return card;
}

function draw({ interval, asOf, openTimes, coins }: CandleDays): Html {
  const isDaily = openTimes[1] - openTimes[0] >= LONGEST_MS;
  const heads = openTimes.map((time) => new Date(time).toISOString()).map((iso) => (isDaily ? iso.slice(5, 10) : iso.slice(11, 16)));
  return html`<section class="card">
    <h2>Stored candles</h2>
    <p class="muted small">The last ${openTimes.length} candles of ${interval}, as a backfill would find them at ${clock(asOf)}. It is looked once for each manifest.</p>
    <p class="legend">
      <span>✓ there</span> <span>~ stale: fetched before it had settled</span> <span>! an earlier backfill failed to fetch it</span> <span>· missing</span>
    </p>
    <div class="scroll tall" role="region" aria-label="Stored candles" tabindex="0">
      <table class="days">
        <thead><tr><th class="text" scope="col">coin</th>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>${[...coins].sort(([a], [b]) => (a < b ? -1 : 1)).map(([symbol, states]) => row(symbol, states))}</tbody>
      </table>
    </div>
  </section>`;
}

function row(symbol: string, states: readonly CandleState[] | null): Html {
  const cells = states ? states.map(cell) : html`<td class="failed" colspan="30">the coin’s candles can’t be read</td>`;
  return html`<tr><th class="text" scope="row"><a href="./coin/${symbol}">${symbol}</a></th>${cells}</tr>`;
}

function cell(state: CandleState): Html {
  return html`<td class="${state}"><span aria-label="${state}">${SIGNS[state]}</span></td>`;
}
