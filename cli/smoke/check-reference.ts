import { reference } from "./answers.ts";
import type { Finding, Target } from "./check.ts";
import { readJson } from "./read-json.ts";

/** Routes that clients of the service rely on. */
const ROUTES = ["/health", "/live", "/ready", "/models", "/symbol", "/symbol/{symbol}", "/symbol/{symbol}/history", "/reload"];

/** OpenAPI 3.1 whose server is the address that it was loaded from, so that clients made from it ask there. */
export async function checkReference({ ask, base }: Target): Promise<Finding> {
  const answer = await ask("openapi.json");
  const { openapi, info, servers, paths } = readJson(answer, reference);
  if (!/^3\.1\.\d+$/.test(openapi)) throw new Error(`is OpenAPI ${openapi}, not 3.1`);
  const missing = ROUTES.filter((route) => !(route in paths));
  if (missing.length > 0) throw new Error(`doesn't describe ${missing.join(", ")}`);
  const [server] = servers;
  const { href } = new URL(server.url, answer.url);
  if (withSlash(href) !== base.href)
    throw new Error(
      `says that the service is at ${href}, not at ${base.href}: set BASE_PATH to ${withoutSlash(base.pathname) || "nothing"}`,
    );
  return { detail: `OpenAPI ${openapi} of ${info.title} ${info.version}, ${Object.keys(paths).length} paths` };
}

function withSlash(href: string): string {
  return href.endsWith("/") ? href : `${href}/`;
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
