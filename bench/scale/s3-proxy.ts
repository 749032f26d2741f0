import { once } from "node:events";
import { Agent, createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

/** Requests to an S3 server by what they are billed as, and the bytes of objects. */
export interface S3Counts {
  readonly puts: number;
  readonly lists: number;
  readonly gets: number;
  readonly heads: number;
  readonly deletes: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export interface S3Proxy {
  readonly url: string;
  /** Since the last call. */
  take(): S3Counts;
  stop(): Promise<void>;
}

const NONE: S3Counts = { puts: 0, lists: 0, gets: 0, heads: 0, deletes: 0, bytesRead: 0, bytesWritten: 0 };

/** Stands before an S3 server, passes everything on as it is, and counts. */
export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  let counts = { ...NONE };
  const server = createServer((incoming, outgoing) => {
    const kind = kindOf(incoming);
    if (kind) counts[kind]++;
    incoming.on("data", (chunk: Buffer) => {
      counts.bytesWritten += chunk.length;
    });
    // The Host header stays, because the signature covers it.
    const onwards = request(
      new URL(incoming.url ?? "/", endpoint),
      { agent, method: incoming.method, headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.on("data", (chunk: Buffer) => {
          counts.bytesRead += chunk.length;
        });
        answer.pipe(outgoing);
      },
    );
    onwards.on("error", () => outgoing.destroy());
    incoming.pipe(onwards);
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = counts;
      counts = { ...NONE };
      return taken;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      agent.destroy();
    },
  };
}

/** By what S3 bills; null for what it does not know. */
export function kindOf({
  method,
  url = "",
}: Pick<IncomingMessage, "method" | "url">): Exclude<keyof S3Counts, "bytesRead" | "bytesWritten"> | null {
  if (method === "GET") return /[?&]list-type=2/.test(url) ? "lists" : "gets";
  if (method === "PUT" || method === "POST") return "puts";
  if (method === "HEAD") return "heads";
  return method === "DELETE" ? "deletes" : null;
}
