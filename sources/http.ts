import { RateLimitedError, RestrictedLocationError, SourceUnavailableError, UnauthorizedError } from "../core/vocabulary/errors.ts";

const TIMEOUT_MS = 20_000;

export interface JsonRequest {
  /** Named in errors: source and what was asked for, never the address, which may hold a key. */
  readonly subject: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
  /** The service's clock when it answered, ms UTC; null where it does not tell. */
  readonly servedAt: number | null;
  readonly headers: Headers;
}

/**
 * One GET whose answer is JSON. Answers with a status below 500 that carry JSON are handed back, so that an adapter can
 * read the service's own error; the rest are errors here.
 *
 * @throws {RateLimitedError | UnauthorizedError | RestrictedLocationError | SourceUnavailableError}
 */
export async function getJson({ subject, url, headers, signal, timeoutMs = TIMEOUT_MS }: JsonRequest): Promise<JsonAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs);
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { headers, signal: signal ? AbortSignal.any([signal, timeout]) : timeout });
    text = await response.text();
  } catch (cause) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw new SourceUnavailableError(`${subject}: no answer within ${timeoutMs / 1000} s`);
    const { reason, ...kind } = networkFailure(cause);
    throw new SourceUnavailableError(`${subject}: ${reason}`, { cause: new Error(reason), ...kind });
  }
  const { status } = response;
  if (status === 429 || status === 418) {
    throw new RateLimitedError(`${subject}: too many requests (HTTP ${status})`, {
      retryAfterMs: retryAfterMs(response.headers.get("retry-after")),
    });
  }
  const isPage = /^\s*</.test(text);
  if (status === 401 || (status === 403 && !isPage))
    throw new UnauthorizedError(`${subject}: the key is missing or refused (HTTP ${status})`);
  if (status === 451) throw new RestrictedLocationError(`${subject}: not served to this location (HTTP 451)`);
  if (status >= 500) throw new SourceUnavailableError(`${subject}: the service failed (HTTP ${status})`);
  try {
    return { status, body: JSON.parse(text), servedAt: parseDate(response.headers.get("date")), headers: response.headers };
  } catch {
    const kind = isPage ? "a web page" : `${text.length} characters that are not JSON`;
    throw new SourceUnavailableError(`${subject}: answered with ${kind} (HTTP ${status})`);
  }
}

/**
 * The address of a service's route. A base address may have a path of its own, as that of a relay has.
 *
 * @param route begins with a slash; may have a query
 */
export function routeUrl(baseUrl: string, route: string): URL {
  return new URL(`${baseUrl.replace(/\/+$/, "")}${route}`);
}

/** Milliseconds from a Retry-After header: seconds, or a date. Null where it says nothing usable. */
export function retryAfterMs(header: string | null, now: number = Date.now()): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, 3_600_000) : null;
}

function parseDate(header: string | null): number | null {
  const ms = Date.parse(header ?? "");
  return Number.isFinite(ms) ? ms : null;
}

interface NetworkFailure {
  readonly reason: string;
  /** No connection came about. */
  readonly unreachable: boolean;
  /** Because its name can't be resolved. */
  readonly nameless: boolean;
}

export function networkFailure(error: unknown): NetworkFailure {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const code = (inner as NodeJS.ErrnoException).code;
    if (code === "ENOTFOUND" || code === "EAI_AGAIN")
      return { reason: "its host name can't be resolved; is this machine online?", unreachable: true, nameless: true };
    if (code === "ECONNREFUSED") return { reason: "nothing listens at its address", unreachable: true, nameless: false };
    if (code === "ECONNRESET" || code === "UND_ERR_SOCKET")
      return { reason: "the connection was cut", unreachable: false, nameless: false };
    if (code) return { reason: `can't be reached (${code})`, unreachable: NO_WAY.includes(code), nameless: false };
  }
  return { reason: "can't be reached", unreachable: false, nameless: false };
}

const NO_WAY: readonly string[] = ["ENETUNREACH", "EHOSTUNREACH", "UND_ERR_CONNECT_TIMEOUT"];
