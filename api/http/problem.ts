import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { accepts } from "hono/accepts";
import { answerPage } from "../pages/page.ts";
import { problemPage } from "../pages/problem-page.ts";
import { PROBLEM_TYPES, type ProblemName, problemOf, typeOf } from "./problem-types.ts";

/** An error in the form of RFC 9457. */
export const problemSchema = z
  .object({
    type: z
      .string()
      .regex(/^urn:problem-type:candlecast:[a-z-]+$/)
      .max(80)
      .openapi({ example: typeOf("unknown-symbol"), description: "which kind of error it is; does not change" }),
    title: z.string().max(60).openapi({ example: PROBLEM_TYPES["unknown-symbol"].title }),
    status: z.int().min(400).max(599).openapi({ example: 404 }),
    detail: z.string().max(20_000).openapi({ example: "There is no symbol FOO; known are BTC, HET." }),
    field: z
      .string()
      .max(100)
      .optional()
      .openapi({ example: "symbols", description: "the field of the body that is wrong, where it is one" }),
    instance: z.string().max(210).openapi({ example: "/symbol/FOO", description: "the path that was asked for, shortened" }),
  })
  .openapi("Problem");

const BASE_PATH = "basePath";

/** What the paths of a request begin with for its client. */
export function setBasePath(c: Context, basePath: string): void {
  c.set(BASE_PATH, basePath);
}

type StatusOf<N extends ProblemName> = (typeof PROBLEM_TYPES)[N]["status"];

/** Answers with `application/problem+json`, or with a page where the caller prefers one. */
export function problem<N extends ProblemName>(
  c: Context,
  name: N,
  detail: string,
  headers: Record<string, string> = {},
  more: { readonly field?: string } = {},
) {
  const body = { ...problemOf(name, detail, `${c.get(BASE_PATH) ?? ""}${c.req.path}`), ...more };
  const status = body.status as StatusOf<N>;
  for (const [header, value] of Object.entries(headers)) c.header(header, value);
  c.header("Cache-Control", "no-store");
  c.header("Vary", "Accept");
  const type = accepts(c, { header: "Accept", supports: ["application/problem+json", "text/html"], default: "application/problem+json" });
  // The page is an answer of the same meaning; its type would only widen what routes promise.
  if (type === "text/html") return answerPage(c, problemPage(body), status) as never;
  return c.json(body, status, { "Content-Type": "application/problem+json" });
}

/** For a route's list of responses. */
export function problemResponse(name: ProblemName, description: string, detail: string, instance: string) {
  const retryAfter = { "Retry-After": { description: "seconds", schema: { type: "integer", minimum: 1 } } } as const;
  const { status } = PROBLEM_TYPES[name];
  return {
    description,
    ...(status === 503 || status === 429 ? { headers: retryAfter } : {}),
    content: { "application/problem+json": { schema: problemSchema, example: problemOf(name, detail, instance) } },
  };
}

/** What every route may answer, before it is asked. */
export function limitProblems(path: string) {
  return {
    414: problemResponse("uri-too-long", "too long an address", "The address has 2341 characters; up to 2000 are read.", path),
    429: problemResponse(
      "too-many-requests",
      "too many requests of one client, where the service has a limit",
      "More than 600 requests within a minute came from your address; try again in 12 s.",
      path,
    ),
  };
}
