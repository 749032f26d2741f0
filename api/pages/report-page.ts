import { html, raw } from "hono/html";
import type { Manifest, SymbolEntry } from "../../core/manifests/manifest.ts";
import { coverageShares } from "../../core/reports/coverage-shares.ts";
import { wordsFor } from "../../core/reports/feature-words.ts";
import type { Curve, SymbolReport } from "../../core/reports/report.ts";
import { servedExplanation } from "../../core/reports/served-explanation.ts";
import { verdictOf } from "../../core/reports/verdict.ts";
import { championOf } from "../../core/serving/champion.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import type { ReportCharts } from "../charts/draw-report.ts";
import { decimal, moment, percent, UNKNOWN, whole } from "./format.ts";
import { modelTable } from "./model-table.ts";
import { top } from "./navigation.ts";
import type { PageContent } from "./page.ts";

type Html = ReturnType<typeof html>;

interface ReportPageInput {
  readonly manifest: Manifest;
  readonly entry: SymbolEntry;
  readonly report: SymbolReport;
  readonly charts: ReportCharts;
}

/** A symbol's models, for a person with a minute. */
export function reportPage({ manifest, entry, report, charts }: ReportPageInput): PageContent {
  const { symbol } = entry;
  return {
    title: `${symbol}: model report · candlecast`,
    body: html`${top("../../", null)}
      <h1>${symbol}: can its models be trusted?</h1>
      <p><a href="../../coin/${symbol}">${symbol}’s prediction</a> · <a href="./report.json">the data of this page</a></p>
      ${verdictCard(entry, report)}
      <div class="grid">
        ${skillCard(report, charts)} ${returnsCard(report, charts)} ${calibrationCard(report, charts)} ${coverageCard(report, charts)}
        ${importanceCard(report, charts)} ${modelTable(entry.models)}
      </div>
      <footer>
        Manifest <code>${manifest.version}</code>; models of <code>${entry.since}</code>. Out of sample: each prediction was made by a model that
        had seen only earlier candles.
      </footer>`,
  };
}

function verdictCard(entry: SymbolEntry, report: SymbolReport): Html {
  const { tested, interval, horizon } = report;
  const explanation = servedExplanation(entry.models, report);
  const verdict = verdictOf(entry.symbol, entry.models);
  const served = championOf(entry.models, "regression") !== null;
  return html`<section class="card verdict">
    <p>
      ${served ? html`<span class="tag good">champion</span>` : html`<span class="tag">no skill</span>`}
      ${entry.simulated ? html`<span class="tag warn">simulated</span>` : ""}
      ${entry.status === "stale" ? html`<span class="tag warn">stale</span>` : ""}
    </p>
    <p class="lead">${verdict.price}</p>
    <p>${verdict.direction}</p>
    ${explanation ? html`<p><strong>Why this prediction:</strong> ${explanation.sentence} ${fidelityWords(explanation)}</p>` : ""}
    <p class="muted small">
      ${entry.simulated ? "Simulated: its prices are made up, by a known law. " : ""}Judged on ${whole(tested.candles)} candles (${interval}),
      ${moment(tested.from)} to ${moment(tested.to)}, each predicted ${horizon} ${horizon === 1 ? "candle" : "candles"} ahead.
      ${entry.status === "stale" ? `Stale: ${entry.staleReason ?? "the newest run failed for this symbol."}` : ""}
    </p>
  </section>`;
}

function fidelityWords({ fidelity, withheld, rows, heldOut }: SymbolReport["explanation"]): Html | string {
  if (withheld) return "";
  return html`<span class="muted small">(From a three-step tree that imitates the model: fitted to ${rows} candles, it explains
    ${percent(fidelity, { digits: 0 })} of how the model’s predictions vary on the ${heldOut} after them.)</span>`;
}

function card(title: string, good: string, picture: string, legend: Html | string, data: Html): Html {
  return html`<section class="card">
    <h2>${title}</h2>
    <p class="muted small">Good: ${good}</p>
    ${legend} ${raw(picture)}
    <details>
      <summary>the numbers</summary>
      <div class="scroll">${data}</div>
    </details>
  </section>`;
}

function skillCard({ cumulativeSkill: { dates, models }, regressor, classifier }: SymbolReport, charts: ReportCharts): Html {
  const every = Math.max(1, Math.ceil(dates.length / 12));
  const shown = dates.map((_, i) => i).filter((i) => (dates.length - 1 - i) % every === 0);
  return card(
    "Does it beat the baseline?",
    "above the dashed line, and staying there. Each point: the skill of all predictions up to that date; the first tenth of the dates, which swings widely, is left out.",
    charts.skill,
    html`<p class="legend">
      <span><span class="key accent"></span>${inWords(regressor)}, error against “no change”</span>
      <span><span class="key second"></span>${inWords(classifier)}, Brier score against the usual share</span>
      <span><span class="key"></span>others</span>
    </p>`,
    html`<table>
      <thead><tr><th class="text">up to</th>${models.map(({ model }) => html`<th>${inWords(model)}</th>`)}</tr></thead>
      <tbody>
        ${shown.map((i) => html`<tr><td class="text">${moment(dates[i])}</td>${models.map(({ skill }) => html`<td>${percent(skill[i])}</td>`)}</tr>`)}
      </tbody>
    </table>`,
  );
}

function returnsCard({ predictedAgainstActual: curve }: SymbolReport, charts: ReportCharts): Html {
  return card(
    "Do larger predictions mean larger moves?",
    `points along the dashed line. Each point: a tenth of the predictions of ${inWords(curve.model)}, smallest to largest, with the 95\u00a0% interval of what came true.`,
    charts.returns,
    "",
    curveTable([curve], "move"),
  );
}

function calibrationCard({ calibration, classifier }: SymbolReport, charts: ReportCharts): Html {
  const [first] = calibration.find(({ model }) => model === classifier)?.bins ?? [];
  return card(
    "Does a 60 % chance come true 60 times in 100?",
    `points along the dashed line.${first ? ` Each point: about ${whole(first.n)} predictions, with the 95\u00a0% interval.` : ""}`,
    charts.calibration,
    html`<p class="legend">
      ${calibration.map(({ model }) => html`<span><span class="key ${model === classifier ? "second" : ""}"></span>${inWords(model)}</span>`)}
    </p>`,
    curveTable(calibration, "share of rises"),
  );
}

function curveTable(curves: readonly Curve[], outcome: string): Html {
  return html`<table>
    <thead><tr><th class="text">model</th><th>predictions</th><th>mean prediction</th><th>actual ${outcome}</th><th>95\u00a0% interval</th></tr></thead>
    <tbody>
      ${curves.flatMap(({ model, bins }) =>
        bins.map(
          ({ n, predicted, actual, lower, upper }) => html`<tr>
            <td class="text">${inWords(model)}</td><td>${whole(n)}</td><td>${percent(predicted)}</td><td>${percent(actual)}</td>
            <td>${lower === null ? UNKNOWN : `${percent(lower)} to ${percent(upper)}`}</td>
          </tr>`,
        ),
      )}
    </tbody>
  </table>`;
}

function coverageCard({ coverage }: SymbolReport, charts: ReportCharts): Html {
  const { model, nominal } = coverage;
  return card(
    `Do the ${Math.round(100 * nominal)} % intervals hold?`,
    `points near the dashed line, stretch by stretch. The intervals are those of ${inWords(model)} as they would have been given at the time; before the first stretch there are no errors to make one from.`,
    charts.coverage,
    "",
    html`<table>
      <thead><tr><th class="text">test stretch</th><th>with interval</th><th>within it</th><th>share</th></tr></thead>
      <tbody>
        ${coverageShares(coverage).map(
          ({ from, to, n, covered, share }) => html`<tr>
            <td class="text">${moment(from)} to ${moment(to)}</td><td>${whole(n)}</td><td>${whole(covered)}</td><td>${percent(share)}</td>
          </tr>`,
        )}
      </tbody>
    </table>`,
  );
}

function importanceCard({ importance, interval }: SymbolReport, charts: ReportCharts): Html {
  const title = "What does the model look at?";
  if (!importance || !charts.importance)
    return html`<section class="card wide"><h2>${title}</h2><p class="muted">The importance of features is ${UNKNOWN}: the last test stretch has no candle of this coin.</p></section>`;
  const loss = importance.loss === "rmse" ? "error (RMSE)" : "Brier score";
  return html`<section class="card wide">
    <h2>${title}</h2>
    <p class="muted small">
      How much larger the ${loss} of ${inWords(importance.model)} gets when one feature is shuffled, on ${whole(importance.rows)} candles from
      ${moment(importance.from)} that it had not seen. Long bars matter; bars below zero are chance. Features that carry the same information share their importance.
    </p>
    <div class="scroll" role="region" aria-label="Importance of features" tabindex="0">${raw(charts.importance)}</div>
    <details>
      <summary>the numbers</summary>
      <div class="scroll">
        <table>
          <thead><tr><th class="text">feature</th><th class="text">name</th><th>increase</th><th>deviation over ${importance.repeats} shuffles</th></tr></thead>
          <tbody>
            ${importance.features.map(
              ({ name, increase, deviation }) => html`<tr>
                <td class="text">${wordsFor(name, interval).label}</td><td class="text"><code>${name}</code></td>
                <td>${percent(increase, { digits: 3, signed: true })}</td><td>${decimal(100 * deviation, 3)} %</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </details>
  </section>`;
}
