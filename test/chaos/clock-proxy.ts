import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export interface ClockProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Passes requests on to the market server, and gives its answers the `date` of its clock, which stands where a test puts it. */
export async function startClockProxy(target: string, now: () => number): Promise<ClockProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((req, res) => {
    const passed = request({ hostname, port, path: req.url, method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, { ...answer.headers, date: new Date(now()).toUTCString() });
      answer.pipe(res);
    });
    passed.on("error", () => req.socket.destroy());
    req.pipe(passed);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}
