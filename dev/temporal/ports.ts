import { createServer } from "node:net";

/** A port on which nothing is listening now. */
export function freePort(host = "127.0.0.1"): Promise<number> {
  return listen(0, host);
}

export async function isPortFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return listen(port, host).then(
    () => true,
    () => false,
  );
}

/** The given port if it is free, else any free port. */
export async function preferPort(port: number, host = "127.0.0.1"): Promise<number> {
  return (await isPortFree(port, host)) ? port : freePort(host);
}

function listen(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => (address && typeof address === "object" ? resolve(address.port) : reject(new Error(`no port on ${host}`))));
    });
  });
}
