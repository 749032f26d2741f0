import { html } from "hono/html";
import type { Problem } from "../http/problem-types.ts";
import type { PageContent } from "./page.ts";

/** An error, for a person. */
export function problemPage({ status, title, detail }: Problem): PageContent {
  return {
    title: `${title} · candlecast`,
    body: html`<section class="card empty">
      <h1>${title}</h1>
      <p>${detail}</p>
      <p class="muted small">Error ${status}.</p>
    </section>`,
  };
}
