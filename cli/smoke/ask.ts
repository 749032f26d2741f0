import { clip } from "../../api/http/clip.ts";

/** What a service answered, its body read as text. */
export interface Answer {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Asks by GET for a path below the API's address, or for an address. */
export type Ask = (path: string | URL, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * A way to ask an API. Redirections are not followed: what answers elsewhere says nothing about this address.
 *
 * @param base the API's address, with a slash at its end
 */
export function askFrom(base: URL, { timeoutMs, signal }: AskOptions): Ask {
  return async (path, headers = {}) => {
    const url = new URL(path, base);
    const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    try {
      const response = await fetch(url, { headers: { Accept: "application/json", ...headers }, redirect: "manual", signal: until });
      return { url, status: response.status, headers: response.headers, text: await response.text() };
    } catch (error) {
      if (signal.aborted) throw new Error("stopped before it answered", { cause: error });
      if (until.aborted) throw new Error(`gave no complete answer within ${timeoutMs / 1000} s`, { cause: error });
      throw new Error(`can't be reached: ${reasonOf(error)}`, { cause: error });
    }
  };
}

/** What fetch says is "fetch failed"; its cause tells why, by a code only where several addresses were tried. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code = cause.name } = cause as { code?: string };
  return clip((cause.message || code).split("\n")[0], 200);
}
