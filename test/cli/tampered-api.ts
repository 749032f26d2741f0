import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is sent instead of an answer; null: nothing, ever. `known` is what the request names in If-None-Match. */
export type Tamper = (path: string, answer: Sent, known: string | undefined) => Sent | null;

export interface TamperedApi {
  readonly url: string;
  tamper: Tamper;
  close(): Promise<void>;
}

/**
 * A server in front of an API that changes its answers.
 *
 * @param prefix what paths begin with here, and not there
 */
export async function startTampered(api: string, prefix = ""): Promise<TamperedApi> {
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").slice(prefix.length) || "/";
    const known = request.headers["if-none-match"];
    const headers = {
      Accept: request.headers.accept ?? "*/*",
      "Accept-Encoding": "identity",
      ...(known ? { "If-None-Match": known } : {}),
    };
    const answer = await fetch(`${api}${path}`, { headers, redirect: "manual" });
    const { "content-length": _, ...kept } = Object.fromEntries(answer.headers);
    const sent = tampered.tamper(path, { status: answer.status, headers: kept, body: await answer.text() }, known);
    if (sent) response.writeHead(sent.status, { ...sent.headers }).end(sent.body);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const tampered: TamperedApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    tamper: (_path, answer) => answer,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return tampered;
}

/** Changes what one path answers. */
export function at(where: string, change: (answer: Sent, known: string | undefined) => Sent | null): Tamper {
  return (path, answer, known) => (path === where ? change(answer, known) : answer);
}

type Body = Record<string, unknown>;

/** Changes the JSON that one path answers. */
// biome-ignore lint/suspicious/noExplicitAny: a test changes answers into what their types forbid
export function jsonAt(where: string, change: (body: any) => void): Tamper {
  return at(where, (answer, known) => {
    if (known !== undefined && answer.status === 304) return answer;
    const body = JSON.parse(answer.body) as Body;
    change(body);
    return { ...answer, body: JSON.stringify(body) };
  });
}

/** Changes the text that one path answers. */
export function textAt(where: string, from: string | RegExp, to: string): Tamper {
  return at(where, (answer) => ({ ...answer, body: answer.body.replace(from, to) }));
}

export function headerAt(where: string, name: string, value: string | null): Tamper {
  return at(where, (answer) => {
    const { [name]: _, ...others } = answer.headers;
    return { ...answer, headers: value === null ? others : { ...others, [name]: value } };
  });
}
