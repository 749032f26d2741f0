const LOADING_RELATIONS = /\b(stylesheet|icon|preload|modulepreload|prefetch|preconnect|dns-prefetch|manifest)\b/i;
const SOURCE_TAGS = /<(?:script|img|iframe|frame|source|audio|video|track|embed|input)\b[^>]*>/gi;

/** Addresses that a browser loads with a page, as they are written in it: of scripts, pictures, frames and styles, not of links. */
export function resourcesOfPage(html: string): string[] {
  const text = html.replace(/<!--[^]*?-->/g, "");
  const tags = text.match(SOURCE_TAGS) ?? [];
  const links = (text.match(/<link\b[^>]*>/gi) ?? []).filter((tag) => LOADING_RELATIONS.test(attribute(tag, "rel") ?? ""));
  const objects = text.match(/<object\b[^>]*>/gi) ?? [];
  const styles = [...text.matchAll(/<style\b[^>]*>([^]*?)<\/style>/gi)].map(([, style]) => style);
  return [
    ...tags.flatMap((tag) => [attribute(tag, "src"), ...candidates(attribute(tag, "srcset"))]),
    ...links.map((tag) => attribute(tag, "href")),
    ...objects.map((tag) => attribute(tag, "data")),
    ...styles.flatMap(resourcesOfStyle),
  ].filter((address) => address !== null && address !== "") as string[];
}

/** Addresses that a style sheet loads. */
export function resourcesOfStyle(css: string): string[] {
  const text = css.replace(/\/\*[^]*?\*\//g, "");
  const found = text.matchAll(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')\s]+))|@import\s+(?:"([^"]*)"|'([^']*)')/gi);
  return [...found]
    .map((groups) => groups.slice(1).find((address) => address !== undefined) ?? "")
    .filter((address) => !/^(#|$)/.test(address));
}

/**
 * Directives of a Content-Security-Policy by which a page may load from another host, as they are written; those that limit no loading
 * are left out. Without a policy, everything may be loaded.
 */
export function opensToOthers(policy: string | null): string[] {
  const directives = (policy ?? "").split(";").map((directive) => directive.trim().split(/\s+/));
  if (!directives.some(([name]) => name.toLowerCase() === "default-src")) return ["no default-src"];
  const loading = directives.filter(([name]) => /-src(-elem|-attr)?$/i.test(name));
  return loading
    .filter(([, ...sources]) => !sources.every((source) => /^('.*'|data:|blob:)$/i.test(source)))
    .map((words) => words.join(" "));
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, "i").exec(tag);
  return found ? (found[1] ?? found[2] ?? found[3]) : null;
}

function candidates(srcset: string | null): string[] {
  return (srcset ?? "").split(",").map((candidate) => candidate.trim().split(/\s+/)[0]);
}
