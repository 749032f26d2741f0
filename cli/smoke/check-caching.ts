import type { Answer } from "./ask.ts";
import type { Finding, Target } from "./check.ts";
import { refuseRedirect } from "./read-json.ts";

/** A second request that names what the first one brought is answered with 304 and nothing else. */
export async function checkCaching({ ask, symbol }: Target): Promise<Finding> {
  const path = `symbol/${encodeURIComponent(symbol)}`;
  const first = await ask(path);
  let tag = tagOf(first);
  let again = await ask(path, { "If-None-Match": tag });
  // Between the two, something newer may have been published.
  if (again.status === 200 && tagOf(again) !== tag) {
    tag = tagOf(again);
    again = await ask(path, { "If-None-Match": tag });
  }
  if (again.status !== 304) throw new Error(`answers HTTP ${again.status} instead of 304 to whoever has ${tag} already`);
  const other = await ask(path, { "If-None-Match": '"something else"' });
  if (other.status !== 200) throw new Error(`answers HTTP ${other.status} instead of 200 to whoever has something else`);
  return { detail: `304 for ${tag}; ${first.headers.get("Cache-Control") ?? "without Cache-Control"}` };
}

function tagOf(answer: Answer): string {
  refuseRedirect(answer);
  if (answer.status !== 200) throw new Error(`answers HTTP ${answer.status} instead of 200`);
  const tag = answer.headers.get("ETag");
  if (tag === null) throw new Error("answers without an ETag, so nothing can be asked for conditionally");
  return tag;
}
