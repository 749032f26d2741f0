import { html } from "hono/html";
import type { ModelEntry } from "../../core/manifests/manifest.ts";
import { isChampion } from "../../core/serving/champion.ts";
import { inWords } from "../../core/vocabulary/model-words.ts";
import { decimal, percent, whole } from "./format.ts";

type Html = ReturnType<typeof html>;

/** Every model with metrics, skill and its lower bound: regressors, then classifiers. */
export function modelTable(models: readonly ModelEntry[]): Html {
  const regressors = models.filter(({ task }) => task === "regression");
  const classifiers = models.filter(({ task }) => task === "classification");
  return html`<section class="card wide">
    <h2>All models</h2>
    <p class="muted small">
      Skill: how much smaller the error is than the better baseline's; positive is better. Lower bound: with 97.5 % confidence, for all models at
      once, the skill over all coins that were learned from together is at least this. Only models whose bound is above zero are served.
    </p>
    <div class="scroll" role="region" aria-label="All models" tabindex="0">
      ${table(regressors, "price", [
        ["RMSE", ({ rmse }) => decimal(rmse ?? null, 5)],
        ["of no change", ({ baseline_rmse }) => decimal(baseline_rmse ?? null, 5)],
        ["MAE", ({ mae }) => decimal(mae ?? null, 5)],
        ["right direction", ({ directional_accuracy }) => percent(directional_accuracy ?? null, { digits: 1 })],
      ])}
      ${table(classifiers, "direction", [
        ["Brier", ({ brier }) => decimal(brier ?? null, 5)],
        ["of the usual share", ({ baseline_brier }) => decimal(baseline_brier ?? null, 5)],
        ["AUC", ({ auc }) => decimal(auc ?? null, 4)],
        ["calibration error", ({ calibration_error }) => percent(calibration_error ?? null, { digits: 1 })],
      ])}
    </div>
  </section>`;
}

type Column = readonly [string, (metrics: ModelEntry["metrics"]) => string];

function table(models: readonly ModelEntry[], what: string, columns: readonly Column[]): Html {
  const scoped = new Set(models.map(({ scope }) => scope)).size > 1;
  return html`<table>
    <thead>
      <tr>
        <th class="text">${what}</th><th class="text">role</th><th>skill here</th><th>over all coins</th><th>lower bound</th>
        ${columns.map(([title]) => html`<th>${title}</th>`)}<th>predictions</th>
      </tr>
    </thead>
    <tbody>
      ${models.map(
        ({ name, scope, role, reason, skill, groupSkill, gateLower, metrics, n }) => html`<tr>
          <td class="text">${inWords(name)}${scoped ? ` (${scope})` : ""}</td>
          <td class="text"><span class="${isChampion({ role }) ? "tag good" : "tag"}" title="${reason}">${inWords(role)}</span></td>
          <td>${percent(skill.value)}</td><td>${percent(groupSkill.value)}</td><td>${percent(gateLower)}</td>
          ${columns.map(([, show]) => html`<td>${show(metrics)}</td>`)}<td>${whole(n)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
