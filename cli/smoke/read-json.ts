import type { ZodType, z } from "zod";
import { clip } from "../../api/http/clip.ts";
import type { Answer } from "./ask.ts";

export interface Expected {
  readonly status?: number;
  readonly type?: string;
}

/**
 * The body of an answer by its schema.
 *
 * @throws {Error} with a sentence of what is answered instead: another status, a page, no JSON, another shape
 */
export function readJson<S extends ZodType>(
  answer: Answer,
  schema: S,
  { status = 200, type = "application/json" }: Expected = {},
): z.output<S> {
  refuseRedirect(answer);
  const sentType = mediaType(answer);
  if (sentType === "text/html")
    throw new Error(`answers HTTP ${answer.status} with ${pageWords(answer.text)} instead of JSON: is a proxy in front?`);
  const body = parse(answer);
  if (answer.status !== status) throw new Error(`answers HTTP ${answer.status} instead of ${status}${detailOf(body)}`);
  if (sentType !== type) throw new Error(`answers as ${sentType || "no type"} instead of ${type}`);
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw new Error(`isn't answered as documented: ${path.join(".") || "the whole"}: ${message}`);
}

/** @throws {Error} naming the other address */
export function refuseRedirect({ status, url, headers }: Answer): void {
  const location = headers.get("Location");
  if (status < 300 || status > 399 || location === null) return;
  throw new Error(
    `redirects to ${clip(URL.canParse(location, url.href) ? new URL(location, url.href).href : location, 200)}: check that address instead`,
  );
}

/** The type of an answer, without parameters. */
export function mediaType({ headers }: Answer): string {
  return (headers.get("Content-Type") ?? "").split(";")[0].trim().toLowerCase();
}

function parse({ status, text }: Answer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`answers HTTP ${status} with ${text.trim() === "" ? "nothing" : JSON.stringify(clip(text, 60))} instead of JSON`);
  }
}

function pageWords(html: string): string {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1].trim();
  return title ? `a page, ${JSON.stringify(clip(title, 60))},` : "a page";
}

/** What a problem says of itself. */
function detailOf(body: unknown): string {
  const { detail } = (body ?? {}) as { detail?: unknown };
  return typeof detail === "string" ? `: ${clip(detail, 300)}` : "";
}
