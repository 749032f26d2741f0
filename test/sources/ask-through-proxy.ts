// Asks a service once, as a worker does with the proxies of its environment: `node ask-through-proxy.ts URL`.
import { createBinance } from "../../sources/binance.ts";
import { useProxy } from "../../sources/proxy.ts";

console.log(useProxy(process.env));
const range = { from: 0, to: 86_400_000 };
const page = await createBinance({ baseUrl: process.argv[2] }).fetchPage({ symbol: "BTC", interval: "1d", range });
console.log(page.rows.length);
