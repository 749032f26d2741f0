import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Context } from "hono";

/** Bytes of an answer that are made once and shared by all requests. */
export interface Prepared {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** How the body differs by `Accept`, too. */
  readonly negotiated: boolean;
  readonly variants: Map<Encoding, Variant>;
  readonly digest: string;
}

type Encoding = "identity" | "gzip" | "br";

interface Variant {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Shorter bodies are sent as they are. */
const LEAST_COMPRESSED = 1_000;
/** Of brotli; above it each step costs far more time than it saves bytes. */
const BROTLI_QUALITY = 5;

export function prepare(type: string, text: string | Uint8Array<ArrayBuffer>, { negotiated = false } = {}): Prepared {
  const body = typeof text === "string" ? Buffer.from(text) : text;
  const digest = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  return { type, body, negotiated, variants: new Map(), digest };
}

export function prepareJson(value: unknown, options?: { readonly negotiated: boolean }): Prepared {
  return prepare("application/json", JSON.stringify(value), options);
}

/** Makes the compressed forms now, rather than with the first request. */
export function warm(prepared: Prepared): void {
  for (const encoding of ["identity", "gzip", "br"] as const) variantOf(prepared, encoding);
}

function variantOf(prepared: Prepared, encoding: Encoding): Variant {
  const known = prepared.variants.get(encoding);
  if (known) return known;
  const body = compress(prepared.body, encoding);
  const headers = {
    "Content-Type": prepared.type,
    "Content-Length": String(body.byteLength),
    ETag: `"${prepared.digest}${encoding === "identity" ? "" : `-${encoding}`}"`,
    Vary: prepared.negotiated ? "Accept-Encoding, Accept" : "Accept-Encoding",
    ...(encoding === "identity" ? {} : { "Content-Encoding": encoding }),
  };
  const variant = { body, headers };
  prepared.variants.set(encoding, variant);
  return variant;
}

function compress(body: Uint8Array<ArrayBuffer>, encoding: Encoding): Uint8Array<ArrayBuffer> {
  if (encoding === "gzip") return gzipSync(body);
  if (encoding === "br") return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
  return body;
}

/**
 * Answers with prepared bytes: compressed as the caller accepts it, or 304 where the caller has them already.
 *
 * @param cacheControl e.g. `public, max-age=60`
 */
export function answerPrepared(c: Context, prepared: Prepared, cacheControl: string, extra: Readonly<Record<string, string>> = {}) {
  const encoding = prepared.body.byteLength < LEAST_COMPRESSED ? "identity" : chooseEncoding(c.req.header("Accept-Encoding"));
  const { body, headers } = variantOf(prepared, encoding);
  const all = { ...headers, ...extra, "Cache-Control": cacheControl };
  if (isKnown(c.req.header("If-None-Match"), prepared.digest)) {
    const { "Content-Length": _length, "Content-Type": _type, "Content-Encoding": _encoding, ...kept } = all as Record<string, string>;
    return c.body(null, 304, kept);
  }
  return c.body(body, 200, all);
}

function isKnown(ifNoneMatch: string | undefined, digest: string): boolean {
  return ifNoneMatch !== undefined && (ifNoneMatch === "*" || ifNoneMatch.includes(`"${digest}`));
}

/** The best encoding that an `Accept-Encoding` allows. */
export function chooseEncoding(accepted: string | undefined): Encoding {
  if (!accepted) return "identity";
  const weights = new Map(
    accepted.split(",").map((part) => {
      const [name, ...parameters] = part.trim().toLowerCase().split(";");
      const q = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/.exec(parameter)?.[1]).find(Boolean);
      return [name.trim(), q === undefined ? 1 : Number(q)] as const;
    }),
  );
  const weight = (name: string) => weights.get(name) ?? weights.get("*") ?? 0;
  if (weight("br") > 0 && weight("br") >= weight("gzip")) return "br";
  return weight("gzip") > 0 ? "gzip" : "identity";
}
