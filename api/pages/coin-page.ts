import { html } from "hono/html";
import { verdictOf } from "../../core/reports/verdict.ts";
import type { HistoryRow } from "../../core/scoring/history-rows.ts";
import { type LiveSkill, SERVED } from "../../core/scoring/live-skill.ts";
import { priceChange } from "../../core/serving/forecast.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import type { Prediction } from "../answers/predict-symbol.ts";
import type { LoadedSymbol } from "../served/served.ts";
import { assetPath } from "./assets.ts";
import { checkCard } from "./check-card.ts";
import { clock, decimal, moment, percent, priceDigits, priceFormat, UNKNOWN, whole } from "./format.ts";
import { glossary, term } from "./glossary.ts";
import { modelTable } from "./model-table.ts";
import { top } from "./navigation.ts";
import type { PageContent } from "./page.ts";

type Html = ReturnType<typeof html>;
type PriceWriter = (value: number | null) => string;

export interface CoinPageInput {
  readonly loaded: LoadedSymbol;
  readonly prediction: Prediction;
  /** null where it can't be read */
  readonly past: { readonly rows: readonly HistoryRow[]; readonly skill: readonly LiveSkill[] } | null;
  /** whether browsers can get what checks it */
  readonly isCheckable: boolean;
}

/** So many candles the chart shows. */
const CHARTED = 200;

const ORIGINS = { live: "live", late: "after its close", walk_forward: "walk-forward" } as const;

/** A coin: what is predicted, by whom, why, and how earlier predictions came out. */
export function coinPage({ loaded, prediction, past, isCheckable }: CoinPageInput): PageContent {
  const { symbol, as_of_candle } = prediction;
  const price = priceFormat(as_of_candle.close);
  return {
    title: `${symbol}: prediction · candlecast`,
    script: "coin.mjs",
    body: html`${top("../", null)}
      <h1>${symbol} ${prediction.simulated ? html`<span class="tag warn">${term("simulated", "simulated")}</span>` : ""}</h1>
      ${headline(loaded, prediction, price)}
      ${chartCard(prediction, past?.rows ?? [], price)}
      ${pastCard(loaded, past)}
      ${modelsCard(prediction, price)}
      ${modelTable(loaded.entry.models)}
      ${sourcesCard(prediction)}
      ${checkCard(symbol, isCheckable)}
      ${glossary(["predicted", "chance", "volatility", "skill", "simulated", "withheld", "candle", "baseline", "coverage", "live", "walkForward"])}`,
  };
}

function headline({ entry, report }: LoadedSymbol, prediction: Prediction, price: PriceWriter): Html {
  const { symbol, prediction: served, direction, as_of_candle, target_candle, volatility, explanation, warnings, quote } = prediction;
  const verdict = verdictOf(symbol, entry.models);
  const move = served.log_return === null ? null : priceChange(served.log_return);
  return html`<section class="card" id="headline">
    <dl class="facts">
      <div>
        <dt>${term("predicted", "predicted close")}, ${clock(target_candle.close_time)}</dt>
        <dd class="big">${served.label === "withheld" ? term("withheld", "withheld") : price(served.price)}</dd>
        <dd class="small">${served.label === "champion" ? percent(move, { signed: true }) : served.label === "no_skill" ? "the last close: no model has skill" : served.reasons.map(inWords).join(", ")}</dd>
      </div>
      <div>
        <dt>${served.interval ? `${Math.round(100 * served.interval.coverage)} % interval` : "interval"}</dt>
        <dd>${served.interval ? `${price(served.interval.lower)} to ${price(served.interval.upper)}` : UNKNOWN}</dd>
      </div>
      <div>
        <dt>${term("candle", "last close")}, ${clock(as_of_candle.close_time)}</dt>
        <dd>${price(as_of_candle.close)} ${quote ?? ""}</dd>
      </div>
      <div>
        <dt>${term("chance", "chance of a rise")}</dt>
        <dd>${percent(direction.probability_up, { digits: 1 })}</dd>
        <dd class="small muted">${direction.label === "champion" ? inWords(direction.served_by ?? UNKNOWN) : direction.label === "no_skill" ? "the usual share of rises" : "withheld"}</dd>
      </div>
      <div>
        <dt>${term("volatility", "volatility")}</dt>
        <dd>${percent(volatility)}</dd>
      </div>
    </dl>
    <p>${verdict.price}</p>
    <p>${verdict.direction}</p>
    ${explanation ? html`<p><strong>Why this prediction:</strong> ${explanation.sentence}</p>` : ""}
    ${disagreement(prediction)}
    ${warnings.filter(({ code }) => code !== "simulated").map(({ detail }) => html`<p class="notice">${detail}</p>`)}
    <p class="small">
      ${report.report ? html`<a href="../symbol/${symbol}/report">Can its models be trusted? The report</a>` : html`<span class="muted">${report.absent}</span>`}
    </p>
  </section>`;
}

/** Price and direction are judged apart, so they may point different ways. */
function disagreement({ prediction: { label, log_return }, direction }: Prediction): Html | string {
  if (label !== "champion" || direction.label !== "champion" || !log_return || direction.probability_up === null) return "";
  const rises = direction.probability_up > 0.5;
  if (rises === log_return > 0) return "";
  return html`<p class="notice">The price and the chance of a rise point different ways: they are predicted by different models, each of which has skill of its own.</p>`;
}

function chartCard(
  { symbol, prediction: served, target_candle, as_of_candle }: Prediction,
  rows: readonly HistoryRow[],
  price: PriceWriter,
): Html {
  const listed = rows.filter(({ task }) => task !== "classification").reverse();
  return html`<section class="card">
    <h2>Candles and predictions</h2>
    <p class="legend">
      <span><span class="key accent"></span>predicted close</span>
      <span><span class="key second"></span>interval</span>
      <span>bars below: volume</span>
      <span id="chart-at" role="status"></span>
    </p>
    <div class="chart" id="chart" role="img" tabindex="0"
      aria-label="${symbol}: candles and predictions. The table below holds the same values; the arrow keys move along the candles."
      data-digits="${priceDigits(as_of_candle.close)}" data-prediction="../symbol/${symbol}" data-history="../symbol/${symbol}/history?limit=${CHARTED}" data-library="../${assetPath("lightweight-charts.mjs")}"></div>
    <p class="small muted">Chart by <a href="https://www.tradingview.com/" rel="noopener">TradingView</a>’s Lightweight Charts.</p>
    <noscript><p>The chart needs JavaScript; the table below doesn’t.</p></noscript>
    <details>
      <summary>The newest as a table</summary>
      <div class="scroll" role="region" aria-label="Candles and predictions" tabindex="0">
        <table>
          <thead><tr><th class="text" scope="col">candle</th><th scope="col">close</th><th scope="col">predicted</th><th scope="col">interval</th><th scope="col">within</th><th class="text" scope="col">made</th></tr></thead>
          <tbody>
            ${listed.map(
              (row) => html`<tr>
                <th class="text" scope="row">${moment(row.openTime)}</th><td>${row.close === null ? (row.openTime >= target_candle.open_time && served.label !== "withheld" ? "open" : UNKNOWN) : price(row.close)}</td>
                <td>${row.origin === null ? "none" : row.withheldReasons ? "withheld" : price(row.price)}</td>
                <td>${row.lower === null ? (row.origin === null ? "none" : UNKNOWN) : `${price(row.lower)} to ${price(row.upper)}`}</td>
                <td>${row.withinInterval === null ? "" : row.withinInterval ? "yes" : "no"}</td>
                <td class="text">${row.origin === null ? "" : ORIGINS[row.origin]}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}

function pastCard({ entry }: LoadedSymbol, past: CoinPageInput["past"]): Html {
  if (!past)
    return html`<section class="card"><h2>How predictions came out</h2><p class="notice">What was predicted before can’t be read at the moment.</p></section>`;
  const live = past.skill.filter(({ model, n }) => model === SERVED && n > 0);
  return html`<section class="card">
    <h2>How predictions came out</h2>
    ${
      live.length === 0
        ? html`<p>No ${term("live", "live")} prediction of this coin has come to its close yet. What is known is from the ${term("walkForward", "walk-forward")} evaluation, below.</p>`
        : html`<div class="scroll" role="region" aria-label="How live predictions came out" tabindex="0"><table>
            <thead><tr><th class="text" scope="col">${term("live", "live")}, what was served</th><th scope="col">closed</th><th scope="col">${term("skill", "skill")}</th><th scope="col">${term("coverage", "within the interval")}</th><th class="text" scope="col">from</th><th class="text" scope="col">to</th></tr></thead>
            <tbody>${live.map(
              ({ task, n, skill, coverage, nominalCoverage, firstTarget, lastTarget }) => html`<tr>
                <th class="text" scope="row">${task === "regression" ? "price" : "direction"}</th><td>${whole(n)}</td><td>${percent(skill, { signed: true })}</td>
                <td>${coverage === null ? "" : `${percent(coverage, { digits: 0 })} (promised ${percent(nominalCoverage, { digits: 0 })})`}</td>
                <td class="text">${day(firstTarget)}</td><td class="text">${day(lastTarget)}</td>
              </tr>`,
            )}</tbody>
          </table></div>`
    }
    <p class="small muted">Models of ${entry.since} are judged on ${whole(entry.models[0]?.n ?? 0)} candles of this coin that they had not seen.</p>
  </section>`;
}

function day(time: number | null): string {
  return time === null ? UNKNOWN : moment(new Date(time).toISOString());
}

function modelsCard({ models }: Prediction, price: PriceWriter): Html {
  return html`<section class="card">
    <h2>What each model says</h2>
    <div class="scroll" role="region" aria-label="What each model says" tabindex="0">
      <table>
        <thead><tr><th class="text" scope="col">model</th><th class="text" scope="col">role</th><th scope="col">predicted close</th><th scope="col">log return</th><th scope="col">chance of a rise</th><th class="text" scope="col">why</th></tr></thead>
        <tbody>
          ${models.map(
            ({ name, scope, role, reason, price: predicted, log_return, probability_up }) => html`<tr>
              <th class="text" scope="row">${inWords(name)}${scope === "pooled" ? "" : " (this coin only)"}</th>
              <td class="text"><span class="tag ${role === "champion" ? "good" : ""}">${inWords(role)}</span></td>
              <td>${predicted === null ? "" : price(predicted)}</td><td>${log_return === null ? "" : decimal(log_return, 5)}</td>
              <td>${probability_up === null ? "" : percent(probability_up, { digits: 1 })}</td><td class="text small">${reason}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function sourcesCard({ symbol, source, lineage }: Prediction): Html {
  const { workflow, manifest, code_version, training_digest } = lineage;
  return html`<section class="card" id="sources">
    <h2>Where this comes from</h2>
    <dl class="facts">
      <div><dt>candles</dt><dd>${source}</dd></div>
      <div><dt>manifest</dt><dd class="small"><a href="../manifests/${manifest}"><code>${manifest}</code></a></dd></div>
      <div><dt>run</dt><dd class="small">${workflow.url ? html`<a href="${workflow.url}">${workflow.id}, in the Temporal Web UI</a>` : workflow.id}</dd></div>
      <div><dt>code</dt><dd class="small">${code_version}</dd></div>
      <div><dt>training</dt><dd class="small"><code>${training_digest.slice(0, 12)}</code></dd></div>
    </dl>
    <p class="small"><a href="../symbol/${symbol}">The prediction as JSON</a> · <a href="../symbol/${symbol}/history">the history as JSON</a></p>
  </section>`;
}
