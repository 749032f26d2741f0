import { readFileSync } from "node:fs";
import { type Context, Hono } from "hono";
import { html } from "hono/html";

type Html = ReturnType<typeof html>;

export const STYLE_PATH = "/style.css";
const STYLE = readFileSync(new URL("./style.css", import.meta.url), "utf8");

/** Pages load only their style sheet, and run no script. */
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface PageContent {
  readonly title: string;
  readonly body: Html;
}

/** Answers with a page in its frame. */
export function answerPage(c: Context, { title, body }: PageContent) {
  c.header("content-security-policy", POLICY);
  c.header("x-content-type-options", "nosniff");
  return c.html(html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${STYLE_PATH}" />
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`);
}

/** The pages' style sheet. */
export function styleRoutes(): Hono {
  const app = new Hono();
  app.get(STYLE_PATH, (c) => {
    c.header("content-type", "text/css; charset=utf-8");
    c.header("cache-control", "public, max-age=300");
    return c.body(STYLE);
  });
  return app;
}
