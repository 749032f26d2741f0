import { connect, type Socket } from "node:net";

export interface Driven {
  readonly requests: number;
  readonly seconds: number;
  /** ms of one request, sorted */
  readonly latencies: Float64Array;
}

export interface Load {
  readonly port: number;
  /** the whole request, with its empty line */
  readonly request: string;
  readonly connections: number;
  readonly seconds: number;
}

/** Sends the same request over kept connections, one after the other on each, as fast as the answers come. */
export async function drive({ port, request, connections, seconds }: Load): Promise<Driven> {
  const latencies: number[] = [];
  const began = performance.now();
  const end = began + seconds * 1000;
  await Promise.all(Array.from({ length: connections }, () => follow({ port, request }, end, latencies)));
  return { requests: latencies.length, seconds: (performance.now() - began) / 1000, latencies: Float64Array.from(latencies).sort() };
}

function follow({ port, request }: Pick<Load, "port" | "request">, end: number, latencies: number[]): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let sent = 0;
    const send = () => {
      sent = performance.now();
      socket.write(request);
    };
    socket.once("error", fail);
    socket.once("connect", send);
    readAnswers(socket, (status) => {
      if (status !== 200 && status !== 304) return fail(new Error(`port ${port} answered ${status} to ${request.split("\r\n")[0]}`));
      const now = performance.now();
      latencies.push(now - sent);
      if (now < end) return send();
      socket.destroy();
      done();
    });
  });
}

/** Calls back with the status of each answer that has come completely. Answers have a `Content-Length`. */
function readAnswers(socket: Socket, onAnswer: (status: number) => void): void {
  let head = "";
  /** bytes of the body that are still to come; null while the head comes */
  let left: number | null = null;
  let status = 0;
  socket.on("data", (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      if (left === null) {
        head += chunk.toString("latin1", at);
        const headEnd = head.indexOf("\r\n\r\n");
        if (headEnd < 0) return;
        const before = head.length - (chunk.length - at);
        at += headEnd + 4 - before;
        status = Number(head.slice(9, 12));
        left = status === 304 ? 0 : Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
        head = "";
      }
      const taken = Math.min(left, chunk.length - at);
      at += taken;
      left -= taken;
      if (left > 0) return;
      left = null;
      onAnswer(status);
    }
  });
}

/** @param latencies sorted */
export function quantile(latencies: Float64Array, share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))];
}
