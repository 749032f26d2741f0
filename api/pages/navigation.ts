import { html } from "hono/html";

type Html = ReturnType<typeof html>;

const PLACES = { overview: "", runs: "runs", reference: "docs" } as const;
const LABELS: Readonly<Record<keyof typeof PLACES, string>> = { overview: "Overview", runs: "Runs", reference: "API reference" };

/**
 * What every page begins with.
 *
 * @param root the way from the page to the first one, as `./` or `../`
 * @param here the place that the page belongs to; null: none
 */
export function top(root: string, here: keyof typeof PLACES | null): Html {
  return html`<header class="top">
    <a class="brand" href="${root}">candlecast</a>
    <nav aria-label="Pages">
      ${(Object.keys(PLACES) as (keyof typeof PLACES)[]).map(
        (place) => html`<a href="${root}${PLACES[place]}"${place === here ? html` aria-current="page"` : ""}>${LABELS[place]}</a>`,
      )}
    </nav>
  </header>`;
}
