import type { z } from "@hono/zod-openapi";
import { html } from "hono/html";
import { priceChange } from "../../core/serving/forecast.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import type { prediction } from "../answers/schemas.ts";
import type { LoadedSymbol, Served } from "../served/served.ts";
import { age, moment, percent, price, UNKNOWN } from "./format.ts";
import type { PageContent } from "./page.ts";
import { sparkline } from "./sparkline.ts";

type Html = ReturnType<typeof html>;
type Prediction = z.infer<typeof prediction>;

export interface HomePageInput {
  readonly served: Served | null;
  /** each symbol with its prediction */
  readonly rows: readonly { readonly loaded: LoadedSymbol; readonly answer: Prediction }[];
  /** why the newest manifest isn't served; null if it is */
  readonly problem: string | null;
  /** ms UTC */
  readonly now: number;
}

/** The dashboard: the served prediction of each symbol, on one screen. */
export function homePage({ served, rows, problem, now }: HomePageInput): PageContent {
  return {
    title: "candlecast",
    body: html`<header class="top">
        <h1>candlecast</h1>
        <nav><a href="/docs">reference</a> <a href="/models">models</a> <a href="/health">health</a></nav>
      </header>
      ${problem ? html`<p class="notice" role="alert"><strong>${served ? "An older manifest is served:" : "Nothing can be served:"}</strong> ${problem}</p>` : ""}
      ${served ? table(served, rows, now) : problem ? brokenCard() : emptyCard()}`,
  };
}

function emptyCard(): Html {
  return html`<section class="card empty">
    <h2>Nothing has been published yet</h2>
    <p class="muted">The first run is under way, or has failed: <code>npx candlecast status</code> tells which.</p>
    <p class="muted">Start one with <code>npx candlecast pipeline</code>; its predictions appear here as soon as they are published.</p>
  </section>`;
}

function brokenCard(): Html {
  return html`<section class="card empty">
    <h2>The newest manifest can’t be read</h2>
    <p class="muted">Predictions return as soon as a valid one is published; the service checks every few seconds.</p>
  </section>`;
}

function table({ manifest }: Served, rows: HomePageInput["rows"], now: number): Html {
  const skilled = rows.filter(({ answer }) => answer.prediction.label === "champion").length;
  const coverage = rows.flatMap(({ answer }) => answer.prediction.interval?.coverage ?? [])[0];
  return html`<section class="card">
      <div class="scroll" role="region" aria-label="Predictions" tabindex="0">
        <table>
          <thead>
            <tr>
              <th class="text">symbol</th>
              <th class="text picture">recent → predicted</th>
              <th>last close</th>
              <th>predicted close, ${coverage ? `${Math.round(100 * coverage)} % interval` : "interval"}</th>
              <th>chance of a rise</th>
              <th class="text">served by</th>
              <th class="text">newest candle</th>
              <th class="text">evidence</th>
            </tr>
          </thead>
          <tbody>${rows.map((row) => symbolRow(row))}</tbody>
        </table>
      </div>
    </section>
    <footer>
      Served by a model that beats “no change” with confidence: ${skilled} of ${rows.length}
      symbols${skilled < rows.length ? "; the others show the last close" : ""}. Published
      ${age(now - Date.parse(manifest.createdAt))} for ${manifest.horizon} × ${manifest.interval} ahead, from candles closed by
      ${moment(manifest.asOf)} UTC. Manifest <code>${manifest.version}</code>.
    </footer>`;
}

function symbolRow({ loaded, answer }: HomePageInput["rows"][number]): Html {
  const { symbol, simulated, prediction: served, direction, as_of_candle } = answer;
  const champion = served.label === "champion";
  const predicted =
    champion && served.price !== null
      ? { price: served.price, lower: served.interval?.lower ?? null, upper: served.interval?.upper ?? null }
      : null;
  return html`<tr>
    <th scope="row"><a href="/symbol/${symbol}">${symbol}</a> ${simulated ? html`<span class="tag warn">simulated</span>` : ""}</th>
    <td class="text picture">${sparkline({ symbol, closes: loaded.row.recentCloses, predicted })}</td>
    <td>${price(as_of_candle.close)}</td>
    <td>${price(served.price)} ${served.label === "withheld" ? "" : change(champion ? served.log_return : null)}${intervalWords(served.interval)}</td>
    <td>${direction.probability_up === null ? html`<span class="muted">${UNKNOWN}</span>` : percent(direction.probability_up, { digits: 1 })}${directionWords(direction)}</td>
    <td class="text">${champion ? inWords(served.served_by ?? UNKNOWN) : html`<span class="${served.label === "withheld" ? "tag warn" : "tag"}">${inWords(served.label)}</span>${reasonWords(served)}`}</td>
    <td class="text">${freshness(answer)}</td>
    <td class="text">${loaded.report.report ? html`<a href="/symbol/${symbol}/report">report</a>` : html`<span class="muted" title="${loaded.report.absent}">no report</span>`}</td>
  </tr>`;
}

/** Why an answer is withheld; empty where it is not. */
function reasonWords({ reasons }: Prediction["prediction"]): Html {
  return html`<div class="muted small">${reasons.map(inWords).join(", ")}</div>`;
}

function change(logReturn: number | null): Html {
  if (logReturn === null) return html`<span class="move muted">no change</span>`;
  const move = priceChange(logReturn);
  return html`<span class="move ${move > 0 ? "up" : "down"}">${percent(move, { signed: true })}</span>`;
}

function intervalWords(interval: Prediction["prediction"]["interval"]): Html {
  return html`<div class="muted small">${interval ? `${price(interval.lower)} – ${price(interval.upper)}` : `interval ${UNKNOWN}`}</div>`;
}

function directionWords({ label, served_by }: Prediction["direction"]): Html {
  return html`<div class="muted small">${inWords(label === "champion" ? (served_by ?? UNKNOWN) : label)}</div>`;
}

function freshness({ status, stale_reason, warnings, as_of_candle, target_candle }: Prediction): Html {
  if (status === "stale") return html`<span class="tag warn" title="${stale_reason ?? ""}">stale</span>`;
  const late = warnings.find(({ code }) => code === "target_already_closed");
  if (late) return html`<span class="tag warn" title="${late.detail}">behind, ${moment(as_of_candle.open_time)}</span>`;
  return html`<span class="tag good" title="predicts the close at ${target_candle.close_time}">${moment(as_of_candle.open_time)}</span>`;
}
