import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

/** Of the real candles. */
export const marketFolder: string = process.env.CANDLECAST_MARKET ?? resolve(import.meta.dirname, "../../shared/market");
const script = resolve(marketFolder, "server.mjs");

/** Whether real candles are at hand: in `CANDLECAST_MARKET`, or beside the repository. */
export const marketAvailable: boolean = existsSync(script);

export interface Fault {
  /** regular expression over path and query; without it, any request */
  readonly match?: string;
  readonly kind: string;
  readonly times?: number;
  readonly afterMs?: number;
  /** seconds, for `http-429` */
  readonly retryAfter?: number;
}

export interface MarketControl {
  readonly now?: string | null;
  readonly faults?: readonly Fault[];
  readonly resetStats?: boolean;
}

export interface MarketStats {
  readonly requests: number;
  readonly byPath: Readonly<Record<string, number>>;
  readonly maxConcurrent: number;
  readonly maxPerSecond: number;
}

export interface Market {
  readonly url: string;
  control(body: MarketControl): Promise<{ now: string }>;
  stats(): Promise<MarketStats>;
  stop(): Promise<void>;
}

/**
 * Starts a stand-in for the public market-data services, on a free port, as a child process.
 *
 * @param now ISO 8601: where its clock stands; by default noon of 2020-12-31
 * @param data folder of candles instead of the server's own
 */
export async function startMarket({ now, data }: { now?: string; data?: string } = {}): Promise<Market> {
  const options = [...(now ? ["--now", now] : []), ...(data ? ["--data", data] : [])];
  const child = spawn(process.execPath, [script, "--port", "0", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await addressOf(child);
  const json = async <T>(path: string, init?: RequestInit): Promise<T> => (await (await fetch(new URL(path, url), init)).json()) as T;
  return {
    url,
    control: (body) => json("/_control", { method: "POST", body: JSON.stringify(body) }),
    stats: () => json("/_stats"),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((done) => child.once("exit", done));
      child.kill("SIGKILL");
      await gone;
    },
  };
}

async function addressOf(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("the market server has no output");
  for await (const line of createInterface({ input: child.stdout })) return (JSON.parse(line) as { url: string }).url;
  throw new Error("the market server ended before it listened");
}
