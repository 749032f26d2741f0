/** Every kind of error that is answered: its status and title. */
export const PROBLEM_TYPES = {
  "bad-request": { status: 400, title: "Bad request" },
  unauthorized: { status: 401, title: "A token is needed" },
  forbidden: { status: 403, title: "Not allowed" },
  "not-found": { status: 404, title: "Nothing here" },
  "unknown-symbol": { status: 404, title: "Unknown symbol" },
  "no-report": { status: 404, title: "No report" },
  "unknown-manifest": { status: 404, title: "Unknown manifest" },
  "unknown-object": { status: 404, title: "Unknown object" },
  "runs-not-enabled": { status: 404, title: "Runs are not enabled" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-acceptable": { status: 406, title: "Not acceptable" },
  "request-timeout": { status: 408, title: "Request timeout" },
  "object-gone": { status: 410, title: "Object gone" },
  "body-too-large": { status: 413, title: "Body too large" },
  "uri-too-long": { status: 414, title: "Address too long" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  "expectation-failed": { status: 417, title: "Expectation failed" },
  "invalid-parameter": { status: 422, title: "Invalid parameter" },
  "invalid-run-input": { status: 422, title: "Unusable input of a run" },
  "invalid-candles": { status: 422, title: "Unusable candles" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  "headers-too-large": { status: 431, title: "Headers too large" },
  "internal-error": { status: 500, title: "Internal error" },
  "nothing-published": { status: 503, title: "Nothing published yet" },
  "store-unknown": { status: 503, title: "Store unreadable" },
  "wrong-address": { status: 503, title: "No store at its address" },
  "nothing-readable": { status: 503, title: "Nothing readable" },
  "coin-unreadable": { status: 503, title: "Coin unreadable" },
  "nothing-fresh": { status: 503, title: "Nothing fresh to serve" },
  "runs-unavailable": { status: 503, title: "Temporal unavailable" },
  "too-many-streams": { status: 503, title: "Too many streams" },
  draining: { status: 503, title: "Shutting down" },
} as const;

export type ProblemName = keyof typeof PROBLEM_TYPES;
export type ProblemStatus = (typeof PROBLEM_TYPES)[ProblemName]["status"];

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
}

const LONGEST_INSTANCE = 200;

/**
 * An error in the form of RFC 9457.
 *
 * @param path of the request, in whatever form it came
 */
export function problemOf(name: ProblemName, detail: string, path: string): Problem {
  const { status, title } = PROBLEM_TYPES[name];
  return { type: typeOf(name), title, status, detail, instance: instanceOf(path) };
}

/** The URN of a kind of error. */
export function typeOf(name: ProblemName): string {
  return `urn:problem-type:candlecast:${name}`;
}

/** A path as a URI reference: percent-encoded, and not longer than needed to recognise the request. */
function instanceOf(path: string): string {
  let encoded = "";
  for (const character of path.toWellFormed()) {
    const next = /[A-Za-z0-9\-._~!$&'()*+,;=:@/]/.test(character) ? character : encodeURIComponent(character);
    if (encoded.length + next.length > LONGEST_INSTANCE) break;
    encoded += next;
  }
  return encoded.startsWith("//") ? `/.${encoded}` : encoded;
}
