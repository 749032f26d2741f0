import type { Context } from "hono";
import { html } from "hono/html";
import { answerPrepared, type Prepared, prepare } from "../http/prepared.ts";
import { type AssetName, assetPath } from "./assets.ts";

type Html = ReturnType<typeof html>;

/** Pages load only what is served from here; scripts are files, never inline. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export const PAGE_HEADERS = {
  "Content-Security-Policy": POLICY,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "same-origin",
  "X-Frame-Options": "DENY",
  "Cross-Origin-Opener-Policy": "same-origin",
} as const;

export interface PageContent {
  readonly title: string;
  readonly body: Html;
  readonly script?: AssetName;
  /** what the page was made from, as events tell it; without it the page does not follow them */
  readonly state?: string;
}

/** Answers with a page in its frame. */
export function answerPage(c: Context, content: PageContent, status = 200) {
  return c.html(frame(content, rootFrom(c.req.path)), status as 200, PAGE_HEADERS);
}

/**
 * A page's bytes, to be shared by requests.
 *
 * @param root the way from the page to the first one, as `./` or `../`
 */
export function preparePage(content: PageContent, root: string): Prepared {
  return prepare("text/html; charset=utf-8", String(frame(content, root)));
}

/** The way from a path to the first page. Pages link by it, so that they work below whatever path a proxy puts them. */
function rootFrom(path: string): string {
  return "../".repeat(Math.max(0, path.split("/").length - 2)) || "./";
}

export function answerPreparedPage(c: Context, prepared: Prepared, cacheControl: string) {
  return answerPrepared(c, prepared, cacheControl, PAGE_HEADERS) as never;
}

function frame({ title, body, script, state }: PageContent, root: string): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${root}${assetPath("style.css")}">
${state === undefined ? "" : html`<link rel="alternate" type="text/event-stream" title="what is new" href="${root}events" data-state="${state}">`}
${script ? html`<script type="module" src="${root}${assetPath(script)}"></script>` : ""}
</head>
<body>
<main>${body}</main>
</body>
</html>`;
}
