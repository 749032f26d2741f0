import { once } from "node:events";
import { connect, constants, createSecureServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate.ts";

export interface TlsProxy {
  /** HOST:PORT */
  readonly address: string;
  /** Of each request: its gRPC method and what it was sent with. */
  readonly requests: readonly { readonly method: string; readonly authorization: string | undefined }[];
  stop(): Promise<void>;
}

/** A front door as clouds have it: it speaks TLS to its callers, and passes their gRPC calls on to a server without TLS. */
export async function startTlsProxy(upstream: string, { key, certificate }: Certificate): Promise<TlsProxy> {
  const requests: { method: string; authorization: string | undefined }[] = [];
  const sessions = new Set<Http2Session>();
  const server = createSecureServer({ key, cert: certificate });
  server.on("session", (session) => {
    const backend = connect(`http://${upstream}`);
    backend.on("error", () => session.destroy());
    session.on("error", () => {});
    session.on("close", () => backend.close());
    for (const one of [session, backend]) {
      sessions.add(one);
      one.on("close", () => sessions.delete(one));
    }
    session.on("stream", (stream, headers) => {
      requests.push({ method: String(headers[":path"]).split("/").at(-1) ?? "", authorization: headers.authorization });
      pass(stream, headers, backend);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async stop() {
      for (const session of sessions) session.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, backend: ReturnType<typeof connect>): void {
  const request = backend.request({ ...headers, ":scheme": "http", ":authority": undefined });
  request.on("response", (answer, flags) => {
    const endStream = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    let trailers: IncomingHttpHeaders = {};
    request.on("trailers", (received) => {
      trailers = received;
    });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    stream.respond(answer, { endStream, waitForTrailers: !endStream });
    if (!endStream) request.pipe(stream);
  });
  stream.pipe(request);
  stream.on("error", () => request.close());
  stream.on("close", () => request.close());
  request.on("error", () => stream.close());
}
