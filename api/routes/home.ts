import { Hono } from "hono";
import { html } from "hono/html";
import type { ApiDependencies } from "../app.ts";
import { predictSymbol } from "../predict-symbol.ts";

/** What is served, on one page. */
export function homeRoutes({ registry, now }: ApiDependencies): Hono {
  const app = new Hono();
  app.get("/", (c) => {
    const served = registry.current();
    const rows = [...(served?.symbols.values() ?? [])].map((loaded) => predictSymbol(served as NonNullable<typeof served>, loaded, now()));
    return c.html(html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width" />
          <title>candlecast</title>
          <link rel="icon" href="data:," />
          <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #1d2733; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: right; padding: 0.4rem 0.8rem; border-bottom: 1px solid #d9dfe6; font-variant-numeric: tabular-nums; }
            th:first-child, td:first-child, td.text, th.text { text-align: left; }
            .muted { color: #66727f; }
            .tag { border: 1px solid #b8c2cc; border-radius: 0.6rem; padding: 0 0.5rem; font-size: 0.8rem; }
          </style>
        </head>
        <body>
          <h1>candlecast</h1>
          <p>
            ${
              served
                ? html`Manifest <code>${served.manifest.version}</code>, as of ${served.manifest.asOf}, for the next ${served.manifest.horizon} ×
                    ${served.manifest.interval}.`
                : "Nothing has been published yet: the first run is under way, or has failed."
            }
            <a href="/docs">Reference</a> · <a href="/models">models</a> · <a href="/health">health</a>
          </p>
          ${registry.problem() ? html`<p><strong>An older manifest is served:</strong> ${registry.problem()}</p>` : ""}
          <table>
            <thead>
              <tr><th>symbol</th><th>last close</th><th>predicted</th><th>change</th><th>chance of up</th><th class="text">served by</th></tr>
            </thead>
            <tbody>
              ${rows.map(
                ({ symbol, simulated, status, stale_reason, as_of_candle, prediction, direction }) => html`<tr>
                  <td>
                    <a href="/symbol/${symbol}">${symbol}</a>
                    ${simulated ? html`<span class="tag">simulated</span>` : ""}
                    ${status === "stale" ? html`<span class="tag" title="${stale_reason}">stale</span>` : ""}
                  </td>
                  <td>${price(as_of_candle.close)}</td>
                  <td>${price(prediction.price)}</td>
                  <td>${prediction.label !== "champion" ? "—" : percent(prediction.log_return === null ? null : Math.expm1(prediction.log_return))}</td>
                  <td>${direction.probability_up === null ? "—" : percent(direction.probability_up)}</td>
                  <td class="text">${prediction.label !== "champion" ? html`no change <span class="muted">(${prediction.label})</span>` : prediction.served_by}</td>
                </tr>`,
              )}
            </tbody>
          </table>
        </body>
      </html>`);
  });
  return app;
}

function price(value: number | null): string {
  return value === null ? "—" : value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}

function percent(value: number | null): string {
  return value === null ? "—" : `${(100 * value).toFixed(2)} %`;
}
