import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Hono } from "hono";
import { answerPrepared, type Prepared, prepare } from "../http/prepared.ts";

/** Files that pages load. Their addresses carry a digest of their content, so that they can be kept for ever. */
const FILES = {
  "style.css": "text/css; charset=utf-8",
  "live.mjs": "text/javascript; charset=utf-8",
} as const;

export type AssetName = keyof typeof FILES;

const assets = new Map<string, Prepared>();
const paths = new Map<AssetName, string>();
for (const [name, type] of Object.entries(FILES)) {
  const bytes = readFileSync(new URL(`../assets/${name}`, import.meta.url));
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const hashed = name.replace(".", `.${digest}.`);
  assets.set(hashed, prepare(type, new Uint8Array(bytes)));
  paths.set(name as AssetName, `assets/${hashed}`);
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
    return asset ? answerPrepared(c, asset, "public, max-age=31536000, immutable", { "X-Content-Type-Options": "nosniff" }) : next();
  });
  return app;
}
