import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Hono } from "hono";
import { html } from "hono/html";
import { answerPrepared, prepare } from "../http/prepared.ts";
import { PAGE_HEADERS } from "../pages/page.ts";

const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const FILES = { "swagger-ui.css": "text/css; charset=utf-8", "swagger-ui-bundle.js": "text/javascript; charset=utf-8" };
const START = 'SwaggerUIBundle({ url: "openapi.json", dom_id: "#ui", validatorUrl: null, deepLinking: true });\n';

/** Swagger UI sets styles of its own, and shows its pictures as data. */
const POLICY =
  "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The reference: Swagger UI, whose files are served from here. */
export function docsRoutes(): Hono {
  const app = new Hono();
  const page = prepare(
    "text/html; charset=utf-8",
    String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>candlecast: API reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="stylesheet" href="docs/theme.css">
</head>
<body>
<main id="ui"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>`),
  );
  const headers = { ...PAGE_HEADERS, "Content-Security-Policy": POLICY };
  app.get("/docs", (c) => answerPrepared(c, page, "public, max-age=300", headers));
  app.get("/redoc", (c) => c.redirect("docs", 302));
  const files = [
    ...Object.entries(FILES).map(([file, type]) => [file, prepare(type, new Uint8Array(readFileSync(join(folder, file))))] as const),
    ["start.js", prepare("text/javascript; charset=utf-8", START)] as const,
    ["theme.css", prepare("text/css; charset=utf-8", readFileSync(new URL("../assets/docs-theme.css", import.meta.url), "utf8"))] as const,
  ];
  for (const [file, prepared] of files)
    app.get(`/docs/${file}`, (c) => answerPrepared(c, prepared, "public, max-age=86400", { "X-Content-Type-Options": "nosniff" }));
  return app;
}
