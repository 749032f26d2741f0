import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Hono } from "hono";
import { html } from "hono/html";

const folder = dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
const ASSETS: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
};

/** Swagger UI, whose files are served from here. */
export function docsRoutes(): Hono {
  const app = new Hono();
  app.get("/docs", (c) =>
    c.html(html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <title>candlecast API</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href="/docs/swagger-ui.css" />
        </head>
        <body>
          <div id="ui"></div>
          <script src="/docs/swagger-ui-bundle.js"></script>
          <script src="/docs/start.js"></script>
        </body>
      </html>`),
  );
  app.get("/docs/start.js", (c) => {
    c.header("content-type", "text/javascript; charset=utf-8");
    return c.body('SwaggerUIBundle({ url: "/openapi.json", dom_id: "#ui", validatorUrl: null });\n');
  });
  for (const [file, type] of Object.entries(ASSETS)) {
    const bytes = readFileSync(join(folder, file));
    app.get(`/docs/${file}`, (c) => {
      c.header("content-type", type);
      c.header("cache-control", "public, max-age=86400");
      return c.body(bytes);
    });
  }
  return app;
}
