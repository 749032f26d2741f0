import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface TickerRow {
  readonly symbol: string;
  readonly lastPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly quoteVolume: string;
}

export interface BinanceWithTicker {
  readonly url: string;
  /** What `ticker/24hr` answers from now on; null: HTTP 500. */
  list(rows: readonly TickerRow[] | null): void;
  readonly asked: () => number;
  stop(): Promise<void>;
}

/** Puts Binance's 24-hour ticker before a stand-in that has candles only, in the shape of the API's documentation. */
export async function startBinanceWithTicker(marketUrl: string): Promise<BinanceWithTicker> {
  let rows: readonly TickerRow[] | null = [];
  let asked = 0;
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: string) => response.writeHead(status, { "content-type": "application/json" }).end(body);
    if (request.url?.startsWith("/api/v3/ticker/24hr")) {
      asked++;
      return rows === null ? answer(500, '{"message":"internal error"}') : answer(200, JSON.stringify(rows));
    }
    try {
      const passed = await fetch(new URL(request.url ?? "/", marketUrl));
      answer(passed.status, await passed.text());
    } catch {
      answer(502, "{}");
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    list: (next) => {
      rows = next;
    },
    asked: () => asked,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}

/** A row as the ticker gives it. */
export function tickerRow(symbol: string, quoteVolume: number, price = 100): TickerRow {
  const text = (value: number) => value.toFixed(8);
  return {
    symbol,
    lastPrice: text(price),
    highPrice: text(price * 1.05),
    lowPrice: text(price * 0.95),
    quoteVolume: text(quoteVolume),
  };
}
