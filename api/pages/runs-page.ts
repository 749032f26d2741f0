import { html } from "hono/html";
import { intervalMs } from "../../core/vocabulary/interval.ts";
import type { RunDesk } from "../run-desk.ts";
import type { CandleDays } from "../served/candle-days.ts";
import type { CoinSummary, ManifestSummary } from "../served/manifest-archive.ts";
import { candleDaysCard } from "./candle-days-card.ts";
import { deskCard } from "./desk-card.ts";
import { clock } from "./format.ts";
import { top } from "./navigation.ts";
import type { PageContent } from "./page.ts";

type Html = ReturnType<typeof html>;

export interface RunsPageInput {
  /** newest first */
  readonly manifests: readonly ManifestSummary[];
  readonly runUrl: (run: { readonly id: string; readonly runId: string }) => string | null;
  /** null while the store is being looked through, or where nothing is published */
  readonly days: CandleDays | null;
  /** What runs can be started with; null: the service shows and starts none. */
  readonly forms: RunDesk["forms"] | null;
}

/** What the last runs published, and how each coin fared in each. */
export function runsPage({ manifests, runUrl, days, forms }: RunsPageInput): PageContent {
  return {
    title: "candlecast: runs",
    script: forms ? "runs.mjs" : "live.mjs",
    body: html`${top("./", "runs")}
      <h1>Runs</h1>
      <p class="lead">What each run published, newest first. A run that fails publishes nothing; ${forms ? html`it is listed <a href="#desk">below</a>` : html`<code>npx candlecast status</code> and the Temporal Web UI show those, too`}.</p>
      ${manifests.length === 0 ? html`<section class="card empty"><h2>Nothing has been published yet</h2></section>` : html`${grid(manifests)} ${list(manifests, runUrl)} ${candleDaysCard(days)}`}
      ${deskCard(forms)}`,
  };
}

const SIGNS = { fresh: ["✓", "there"], stale: ["!", "failed or stale"], left: ["–", "left the universe"] } as const;

function grid(manifests: readonly ManifestSummary[]): Html {
  const oldestFirst = [...manifests].reverse();
  const coins = [...new Set(manifests.flatMap(({ coins }) => [...coins.keys()]))].sort();
  return html`<section class="card">
    <h2>Coins by run</h2>
    <p class="legend">
      <span>✓ fresh</span> <span>! an older entry is kept, because the run failed for the coin</span> <span>– no longer in the universe</span> <span>· not there</span>
    </p>
    <div class="scroll" role="region" aria-label="Coins by run" tabindex="0">
      <table class="days">
        <thead><tr><th class="text" scope="col">coin</th>${oldestFirst.map(({ createdAt }) => html`<th scope="col">${createdAt.slice(5, 10)}</th>`)}</tr></thead>
        <tbody>
          ${coins.map(
            (symbol) =>
              html`<tr><th class="text" scope="row"><a href="./coin/${symbol}">${symbol}</a></th>${oldestFirst.map((manifest) => cell(manifest.coins.get(symbol)))}</tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${reasons(manifests[0])}
  </section>`;
}

function cell(coin: CoinSummary | undefined): Html {
  if (!coin) return html`<td><span aria-label="not there">·</span></td>`;
  const [sign, words] = SIGNS[coin.status];
  const kind = { fresh: "there", stale: "failed", left: "" }[coin.status];
  return html`<td class="${kind}"><span aria-label="${words}">${sign}</span></td>`;
}

function reasons({ coins }: ManifestSummary): Html | string {
  const told = [...coins].filter(([, { reason }]) => reason !== null);
  if (told.length === 0) return "";
  return html`<details open><summary>Why coins are not fresh in the newest run</summary>
    <ul>${told.map(([symbol, { reason }]) => html`<li><strong>${symbol}</strong>: ${reason}</li>`)}</ul>
  </details>`;
}

function list(manifests: readonly ManifestSummary[], runUrl: RunsPageInput["runUrl"]): Html {
  return html`<section class="card">
    <h2>Published manifests</h2>
    <div class="scroll" role="region" aria-label="Published manifests" tabindex="0">
      <table>
        <thead><tr><th class="text" scope="col">published</th><th class="text" scope="col">manifest</th><th class="text" scope="col">predicts</th><th scope="col">fresh coins</th><th class="text" scope="col">run</th><th class="text" scope="col">against the one before</th></tr></thead>
        <tbody>
          ${manifests.map((manifest) => {
            const { version, previous, createdAt, interval, horizon, workflow, rollback, coins } = manifest;
            const fresh = [...coins.values()].filter(({ status }) => status === "fresh").length;
            const url = runUrl(workflow);
            return html`<tr>
              <td class="text">${clock(createdAt)}</td>
              <td class="text"><a href="./manifests/${version}"><code>${version}</code></a>${rollback ? html`<div class="small muted">went back to ${rollback.to}: ${rollback.reason}</div>` : ""}</td>
              <td class="text">${horizon} × ${words(interval)} ahead</td>
              <td>${fresh} of ${coins.size}</td>
              <td class="text">${url ? html`<a href="${url}">${workflow.id}</a>` : workflow.id}</td>
              <td class="text">${previous ? html`<a href="./manifests/${previous}/compare/${version}">what changed</a>` : "the first"}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
  </section>`;
}

function words(interval: string): string {
  return { 86400000: "day", 3600000: "hour", 60000: "minute" }[intervalMs(interval as "1d")] ?? interval;
}
