import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";

/** What happens to a request on its way to the server, or to the answer on its way back. */
export type ProxyFault =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      /** More elements of the error's XML. */
      readonly fields?: Readonly<Record<string, string>>;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The server has done its work, and the connection is cut before the answer. */
  | { readonly kind: "lost-answer" }
  /** The connection is cut before the request reaches the server. */
  | { readonly kind: "cut" }
  /** Half of the answer's body comes. */
  | { readonly kind: "half-answer" }
  /** Half of the answer's body comes, then nothing more, and the connection stays open. */
  | { readonly kind: "stalled-answer" }
  /** A byte of the request, or of the answer's body, is changed. */
  | { readonly kind: "damaged-request" }
  | { readonly kind: "damaged-answer" }
  /** The answer comes, with a weak ETag, as a compressing proxy makes it. */
  | { readonly kind: "weak-etag" }
  /** Nothing comes back. */
  | { readonly kind: "silent" };

export interface PassedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** Absent while the server has not answered. */
  status?: number;
}

export interface FaultyProxy {
  readonly endpoint: string;
  /** Decides on each request, by method and path; undefined lets it pass. */
  decide(rule: (method: string, path: string) => ProxyFault | undefined): void;
  /** Requests that came, as `PUT /bucket/key`. */
  readonly seen: string[];
  /** The same requests with query and headers, and with the status that the server answered. */
  readonly requests: PassedRequest[];
  stop(): Promise<void>;
}

/** A proxy in front of an S3 server, on a free port. It passes everything on unless it decides on a fault. */
export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let rule: Parameters<FaultyProxy["decide"]>[0] = () => undefined;
  const seen: string[] = [];
  const requests: FaultyProxy["requests"] = [];
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? "").split("?")[0];
    seen.push(`${incoming.method} ${path}`);
    const passed: PassedRequest = { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers };
    requests.push(passed);
    handle(target, incoming, outgoing, passed, rule(incoming.method ?? "", path)).catch(() => outgoing.destroy());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    decide: (next) => {
      rule = next;
    },
    seen,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

async function handle(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  passed: PassedRequest,
  fault: ProxyFault | undefined,
): Promise<void> {
  const body = await readAll(incoming);
  if (fault?.kind === "silent") return;
  if (fault?.kind === "cut") return void outgoing.destroy();
  if (fault?.kind === "answer") {
    const { status, code, message = "refused by the test", fields = {}, headers = {} } = fault;
    const more = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
    outgoing.writeHead(status, { "content-type": "application/xml", ...headers });
    outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message>${more.join("")}</Error>`);
    return;
  }
  const answer = await forward(target, incoming, fault?.kind === "damaged-request" ? damage(body) : body);
  passed.status = answer.status;
  if (fault?.kind === "lost-answer") return void outgoing.destroy();
  const { etag } = answer.headers;
  outgoing.writeHead(answer.status, fault?.kind === "weak-etag" && etag ? { ...answer.headers, etag: `W/${etag}` } : answer.headers);
  if (fault?.kind === "half-answer" || fault?.kind === "stalled-answer") {
    const cut = fault.kind === "half-answer";
    outgoing.write(answer.body.subarray(0, answer.body.byteLength / 2), () => cut && outgoing.destroy());
    return;
  }
  outgoing.end(fault?.kind === "damaged-answer" ? damage(answer.body) : answer.body);
}

function forward(target: string, incoming: IncomingMessage, body: Buffer) {
  return new Promise<{ status: number; headers: IncomingMessage["headers"]; body: Buffer }>((done, fail) => {
    // The host stays the proxy's, because it is part of what the client has signed.
    const sent = request(new URL(incoming.url ?? "/", target), { method: incoming.method, headers: incoming.headers }, (answer) => {
      readAll(answer).then((bytes) => done({ status: answer.statusCode ?? 502, headers: answer.headers, body: bytes }), fail);
    });
    sent.on("error", fail);
    sent.end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function damage(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  if (copy.byteLength > 0) copy[copy.byteLength >> 1] ^= 1;
  return copy;
}
