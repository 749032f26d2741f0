import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Hono } from "hono";
import { FOR_EVER } from "../http/cache-words.ts";
import { answerPrepared, type Prepared, prepare } from "../http/prepared.ts";

const OWN = ["style.css", "live.mjs", "check.mjs", "coin.mjs", "runs.mjs"] as const;
const LIBRARIES = { "lightweight-charts.mjs": "./lightweight-charts.standalone.production.mjs" } as const;

export type AssetName = (typeof OWN)[number] | keyof typeof LIBRARIES;

const TYPES: Readonly<Record<string, string>> = { css: "text/css; charset=utf-8", mjs: "text/javascript; charset=utf-8" };

const assets = new Map<string, Prepared>();
/** Their addresses carry a digest of their content, so that they can be kept for ever. */
const paths = new Map<string, string>();

for (const name of OWN) add(name, readFileSync(new URL(`../assets/${name}`, import.meta.url), "utf8"));
for (const [name, file] of Object.entries(LIBRARIES))
  add(name, readFileSync(new URL(file, import.meta.resolve("lightweight-charts")), "utf8"));

function add(name: string, text: string): void {
  // Modules name each other by their addresses, so those that are imported come first.
  const linked = text.replace(/^import "\.\/(.+)";$/gm, (_, other: string) => `import "./${basename(paths.get(other) ?? other)}";`);
  const digest = createHash("sha256").update(linked).digest("hex").slice(0, 12);
  const hashed = name.replace(/\.(\w+)$/, `.${digest}.$1`);
  assets.set(hashed, prepare(TYPES[name.slice(name.lastIndexOf(".") + 1)], linked));
  paths.set(name, `assets/${hashed}`);
}

/** Where a page finds a file, from the first page. */
export function assetPath(name: AssetName): string {
  return paths.get(name) as string;
}

/** The files that pages load. */
export function assetRoutes(): Hono {
  const app = new Hono();
  app.get("/assets/:name", (c, next) => {
    const asset = assets.get(c.req.param("name"));
    return asset ? answerPrepared(c, asset, FOR_EVER, { "X-Content-Type-Options": "nosniff" }) : next();
  });
  return app;
}
