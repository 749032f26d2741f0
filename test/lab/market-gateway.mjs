// Inside a container: starts the market server, which listens on its own loopback address only, and passes the connections of other
// containers on to it. /market is the folder of real candles.
import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";

const PORT = 8080;
const INNER_PORT = 8081;

const market = spawn(process.execPath, ["/market/server.mjs", "--port", String(INNER_PORT)], { stdio: "inherit" });
market.once("exit", (code) => process.exit(code ?? 1));
createServer((from) => {
  const to = connect(INNER_PORT, "127.0.0.1");
  from.on("error", () => to.destroy());
  to.on("error", () => from.destroy());
  from.pipe(to).pipe(from);
}).listen(PORT);
