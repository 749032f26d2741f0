import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { type ProblemName, problemOf } from "./problem-types.ts";

/** What a client may cost, in connections, requests, bytes and seconds. */
export interface ConnectionLimits {
  readonly connections: number;
  /** requests of one connection, one after the other; then it is closed */
  readonly requestsPerConnection: number;
  /** requests of one connection whose answers the client hasn't taken yet */
  readonly unreadAnswers: number;
  /** a request's head, with its path */
  readonly headBytes: number;
  readonly headSeconds: number;
  readonly requestSeconds: number;
  /** between two answers that a client takes */
  readonly answerSeconds: number;
  /** an idle connection stays open so long: longer than a balancer keeps its own, or it meets closed ones */
  readonly keepAliveSeconds: number;
}

/** Options of the server for these limits. */
export function serverOptions(limits: ConnectionLimits): ServerOptions {
  return {
    maxHeaderSize: limits.headBytes,
    headersTimeout: limits.headSeconds * 1000,
    requestTimeout: limits.requestSeconds * 1000,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    connectionsCheckingInterval: 1_000,
    // A request without a host is answered by the guard, with a problem like all others.
    requireHostHeader: false,
  };
}

interface Open {
  /** requests without a complete answer */
  requests: number;
  /** when the client last took an answer, or asked with none open; `performance.now()` */
  progress: number;
  streaming: boolean;
}

/** Answers that go on until someone leaves. */
const STREAM = /^text\/event-stream/;
const SWEEP_MS = 1_000;

/**
 * Keeps clients within the limits, and answers what no route sees: requests that are no HTTP, too long, too slow or without a host.
 *
 * @param listener gets the requests that are within the limits
 * @returns ends the guard's own timer
 */
export function guardConnections(server: Server, limits: ConnectionLimits, listener: RequestListener): () => void {
  server.maxConnections = limits.connections;
  server.maxRequestsPerSocket = limits.requestsPerConnection;
  const sockets = new Map<Socket, Open>();

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const open = sockets.get(socket) ?? track(socket);
    if (open.requests === 0) open.progress = performance.now();
    if (++open.requests > limits.unreadAnswers) {
      socket.destroy();
      return;
    }
    response.once("close", () => {
      open.requests--;
      open.progress = performance.now();
      open.streaming = false;
    });
    if (request.headers.host === undefined && request.httpVersion === "1.1") {
      answer(response, "bad-request", "The request names no host.", request.url);
      return;
    }
    listener(request, response);
    open.streaming = STREAM.test(String(response.getHeader("content-type") ?? ""));
  });

  function track(socket: Socket): Open {
    const open = { requests: 0, progress: performance.now(), streaming: false };
    sockets.set(socket, open);
    socket.once("close", () => sockets.delete(socket));
    return open;
  }

  const sweep = setInterval(() => {
    const limit = performance.now() - limits.answerSeconds * 1000;
    for (const [socket, { requests, progress, streaming }] of sockets) if (requests > 0 && progress < limit && !streaming) socket.destroy();
  }, SWEEP_MS).unref();

  server.on("checkExpectation", (request, response) => {
    answer(response, "expectation-failed", "The service meets no expectation but 100-continue.", request.url);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const [name, detail] = clientProblem(error.code, limits);
    const body = problemOf(name, detail, "/");
    const text = JSON.stringify(body);
    const head = [
      `HTTP/1.1 ${body.status} ${body.title}`,
      "Content-Type: application/problem+json",
      `Content-Length: ${Buffer.byteLength(text)}`,
      "Connection: close",
    ];
    socket.end(`${head.join("\r\n")}\r\n\r\n${text}`, () => socket.destroy());
  });
  return () => clearInterval(sweep);
}

function answer(response: ServerResponse, name: ProblemName, detail: string, url = "/"): void {
  const body = problemOf(name, detail, url.split("?")[0]);
  const text = JSON.stringify(body);
  response.writeHead(body.status, {
    "Content-Type": "application/problem+json",
    "Content-Length": Buffer.byteLength(text),
    Connection: "close",
  });
  response.end(text);
}

function clientProblem(code: string | undefined, { headBytes, headSeconds }: ConnectionLimits): [ProblemName, string] {
  if (code === "HPE_HEADER_OVERFLOW") return ["headers-too-large", `Path and headers are longer than ${headBytes} bytes.`];
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return ["request-timeout", `The request was not complete in time; its head may take ${headSeconds} s.`];
  return ["bad-request", "This is not a request of HTTP/1.1."];
}
