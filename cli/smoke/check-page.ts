import { clip } from "../../api/http/clip.ts";
import type { Answer } from "./ask.ts";
import type { Finding, Target } from "./check.ts";
import { opensToOthers, resourcesOfPage, resourcesOfStyle } from "./page-resources.ts";
import { mediaType, refuseRedirect } from "./read-json.ts";

/**
 * A page of the service whose files are all there, below the service's own address. Its policy has to forbid the browser everything from
 * other hosts, because what scripts load can't be seen here.
 *
 * @param path below the API's address
 */
export async function checkPage({ ask, base }: Target, path: string): Promise<Finding> {
  const page = await ask(path, { Accept: "text/html" });
  const html = readPage(page);
  const open = opensToOthers(page.headers.get("Content-Security-Policy"));
  if (open.length > 0) throw new Error(`lets scripts load from other hosts, by its Content-Security-Policy: ${clip(open.join("; "), 200)}`);
  const own = new Map<string, URL>();
  for (const { href } of foundIn(resourcesOfPage(html), page.url, base)) own.set(href, new URL(href));
  for (const url of own.values()) {
    const file = await ask(url, { Accept: "*/*" });
    const sentType = mediaType(file);
    if (file.status !== 200) throw new Error(`needs ${url.pathname}, which is answered with HTTP ${file.status}`);
    if (sentType === "text/html") throw new Error(`needs ${url.pathname}, which is answered with a page`);
    // Map's iteration goes on to what is added to it.
    if (sentType === "text/css") for (const { href } of foundIn(resourcesOfStyle(file.text), url, base)) own.set(href, new URL(href));
  }
  return { detail: `loads with ${own.size} file${own.size === 1 ? "" : "s"}, all from here` };
}

function readPage(page: Answer): string {
  refuseRedirect(page);
  if (page.status !== 200) throw new Error(`answers HTTP ${page.status} instead of 200`);
  if (mediaType(page) !== "text/html") throw new Error(`answers as ${mediaType(page) || "no type"} instead of text/html`);
  const title = /<title[^>]*>([^<]*)/i.exec(page.text)?.[1] ?? "";
  if (!/\bcandlecast\b/i.test(title))
    throw new Error(`is a page of something else, ${JSON.stringify(clip(title.trim(), 60))}: is a proxy in front?`);
  if (/<base\b/i.test(page.text)) throw new Error("has a <base>, so its links lead wherever that says");
  return page.text;
}

/** Addresses as URLs, without data in place. */
function foundIn(addresses: readonly string[], from: URL, base: URL): URL[] {
  const urls = addresses.filter((address) => !/^(data|blob):/i.test(address)).map((address) => new URL(address, from));
  const foreign = urls.find(({ origin }) => origin !== base.origin);
  if (foreign) throw new Error(`loads ${clip(foreign.href, 200)} from another host`);
  const outside = urls.find(({ pathname }) => !pathname.startsWith(base.pathname));
  if (outside) throw new Error(`loads ${outside.pathname}, which isn't below ${base.pathname}`);
  return urls;
}
