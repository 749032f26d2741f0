import { html } from "hono/html";
import { championOf } from "../../core/serving/champion.ts";
import { priceChange } from "../../core/serving/forecast.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import type { Edition } from "../answers/edition.ts";
import { eventState } from "../answers/event-state.ts";
import { sentence } from "../answers/find-symbol.ts";
import type { Prediction } from "../answers/predict-symbol.ts";
import { type LoadedSymbol, RECENT_CLOSES, type Served } from "../served/served.ts";
import { SERVICE_STATES } from "../served/service-state.ts";
import { clock, percent, priceFormat, UNKNOWN } from "./format.ts";
import { glossary, term } from "./glossary.ts";
import { top } from "./navigation.ts";
import type { PageContent } from "./page.ts";
import { sparkline } from "./sparkline.ts";

type Html = ReturnType<typeof html>;

interface Row {
  readonly loaded: LoadedSymbol;
  readonly answer: Prediction;
}

/** The overview: the served prediction of each coin, on one screen. */
export function homePage(edition: Edition): PageContent {
  const { served, predictions, status, faults } = edition;
  const rows = [...(served?.symbols.values() ?? [])].flatMap((loaded) => {
    const answer = predictions.get(loaded.entry.symbol);
    return answer ? [{ loaded, answer }] : [];
  });
  const sentences = [...new Set(faults.map(({ symbol, forClients }) => (symbol ? `${symbol}: ${forClients}` : forClients)))];
  return {
    title: "candlecast: predictions",
    script: "live.mjs",
    state: eventState(edition),
    body: html`${top("./", "overview")}
      <p class="lead">
        What a coin’s price is expected to be at its next close, by models that count only where they beat “no change” on candles they had not seen.
      </p>
      ${status.state === "fresh" ? "" : html`<p class="notice ${status.state}" role="status"><strong>${sentence(SERVICE_STATES[status.state])}</strong> ${sentences.join(" ")}</p>`}
      ${served && rows.length > 0 ? overview(served, rows) : emptyCard(status.state === "empty")}`,
  };
}

function emptyCard(isEmpty: boolean): Html {
  if (!isEmpty)
    return html`<section class="card empty">
      <h2>No predictions at the moment</h2>
      <p class="muted">They appear here as soon as the service can read them; it checks every few seconds.</p>
    </section>`;
  return html`<section class="card empty">
    <h2>The first predictions are on their way</h2>
    <p class="muted">A first run fetches candles, trains the models and publishes what they predict: with the default coins a minute or two.</p>
    <p class="muted">If nothing appears, <code>npx candlecast status</code> tells why; <code>npx candlecast pipeline</code> starts a run.</p>
  </section>`;
}

function overview({ manifest }: Served, rows: readonly Row[]): Html {
  const skilled = rows.filter(({ answer }) => answer.prediction.label === "champion").length;
  const withheld = rows.filter(({ answer }) => answer.prediction.label === "withheld").length;
  const rest = rows.length - skilled - withheld;
  return html`<section class="card">
      <div class="tools">
        <label>Find <input type="search" id="find" placeholder="BTC" autocomplete="off" spellcheck="false" /></label>
        <label>Sort by <select id="sort"><option value="order">as published</option><option value="symbol">name</option><option value="change">predicted change</option><option value="volatility">volatility</option><option value="skill">skill</option></select></label>
        <span class="muted small" id="count" role="status">${rows.length} ${rows.length === 1 ? "coin" : "coins"}</span>
      </div>
      <table class="coins">
        <thead>
          <tr>
            <th class="text" scope="col">coin</th>
            <th class="text" scope="col">last ${RECENT_CLOSES} closes and prediction</th>
            <th scope="col">last close</th>
            <th scope="col">${term("predicted", "predicted close")}</th>
            <th scope="col">${term("chance", "chance of a rise")}</th>
            <th scope="col">${term("volatility", "volatility")}</th>
            <th class="text" scope="col">${term("skill", "evidence")}</th>
          </tr>
        </thead>
        <tbody id="coins">${rows.map((row, i) => coinRow(row, i))}</tbody>
      </table>
    </section>
    <footer>
      <p>
        ${skilled} of ${rows.length} ${rows.length === 1 ? "coin has" : "coins have"} a model that beats “no change” for certain${rest > 0 ? `; ${rest} show the last close instead` : ""}${withheld > 0 ? `; ${withheld} are withheld` : ""}.
        Published <time datetime="${manifest.createdAt}" data-age>${clock(manifest.createdAt)}</time>. Manifest <a href="./manifests/${manifest.version}"><code>${manifest.version}</code></a>.
      </p>
    </footer>
    ${glossary(["predicted", "chance", "volatility", "skill", "simulated", "withheld"])}`;
}

function coinRow({ loaded, answer }: Row, order: number): Html {
  const { symbol, simulated, prediction: served, direction, as_of_candle, volatility, target_candle } = answer;
  const champion = served.label === "champion";
  const price = priceFormat(as_of_candle.close);
  const predicted =
    served.price === null ? null : { price: served.price, lower: served.interval?.lower ?? null, upper: served.interval?.upper ?? null };
  const skill = champion ? (championOf(loaded.entry.models, "regression")?.skill.value ?? null) : null;
  return html`<tr data-symbol="${symbol}" data-order="${order}" data-change="${served.log_return ?? ""}" data-volatility="${volatility ?? ""}" data-skill="${skill ?? ""}">
    <th scope="row" class="text"><a href="./coin/${symbol}">${symbol}</a> ${simulated ? term("simulated", "simulated") : ""}</th>
    <td class="text picture"><a href="./coin/${symbol}" tabindex="-1" aria-hidden="true">${sparkline({ symbol, closes: loaded.row.recentCloses, predicted })}</a></td>
    <td data-label="last close">${price(as_of_candle.close)}<div class="muted small">${clock(as_of_candle.close_time)}</div></td>
    <td data-label="predicted close" class="main">${predictedWords(served, price)}<div class="muted small">${served.label === "withheld" ? "" : `by ${clock(target_candle.close_time)}`}</div></td>
    <td data-label="chance of a rise">${percent(direction.probability_up, { digits: 1 })}</td>
    <td data-label="volatility">${percent(volatility, { digits: 2 })}</td>
    <td data-label="evidence" class="text">${evidence(answer, skill)}</td>
  </tr>`;
}

function predictedWords(served: Prediction["prediction"], price: (value: number | null) => string): Html {
  if (served.label === "withheld")
    return html`${term("withheld", "withheld")}<div class="muted small">${served.reasons.map(inWords).join(", ")}</div>`;
  const range = served.interval ? `${price(served.interval.lower)} to ${price(served.interval.upper)}` : `interval ${UNKNOWN}`;
  return html`<strong>${price(served.price)}</strong> ${change(served)}<div class="small">${range}</div>`;
}

function change({ label, log_return }: Prediction["prediction"]): Html {
  if (label !== "champion" || log_return === null) return html`<span class="move muted">no change</span>`;
  const move = priceChange(log_return);
  return html`<span class="move ${move > 0 ? "up" : "down"}">${move > 0 ? "▲" : "▼"} ${percent(move, { signed: true })}</span>`;
}

function evidence({ prediction: served, status, stale_reason, warnings }: Prediction, skill: number | null): Html {
  const late = warnings.find(({ code }) => code === "target_already_closed" || code === "stale_candles");
  const old = status === "stale" ? (stale_reason ?? "The newest run failed for this coin.") : (late?.detail ?? null);
  const verdict =
    served.label === "champion"
      ? html`<span class="tag good">skill ${percent(skill, { signed: true })}</span><div class="muted small">${inWords(served.served_by ?? UNKNOWN)}</div>`
      : served.label === "no_skill"
        ? html`<span class="tag">no skill</span>`
        : "";
  return html`${verdict}${old === null ? "" : html`<details class="old"><summary><span class="tag warn">behind</span></summary>${old}</details>`}`;
}
