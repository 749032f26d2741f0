import { createRandom, type Random } from "../../core/random.ts";
import { pause } from "../../dev/processes/pause.ts";
import { createBinance } from "../../sources/binance.ts";
import { createKraken } from "../../sources/kraken.ts";
import type { BackfillInput, PipelineResult } from "../../workflows/contract.ts";
import { type Fault, type Market, startMarket } from "../market-server.ts";
import { count, type Row } from "./row.ts";
import { calmPicture, judgeSeries, runDay, type Series } from "./series.ts";
import type { World } from "./world.ts";

/** Faults that the same source's next answers mend. */
const MENDED = [
  ...["http-429", "http-500", "http-503", "error-200", "truncate", "reset", "slow", "html", "empty"],
  ...["stale", "dup", "shuffle", "gap", "nan", "negative", "huge", "future"],
];
const FIRST = Date.parse("2018-12-10T12:00:00Z");
const LIMIT = createBinance().requestsPerSecond;
/** No fault: the market server takes one entry of its list for each request. */
const NONE = "none";

export interface SourceFaults {
  readonly days: number;
  readonly symbols: readonly string[];
  /** Comes before the runs, for requests enough. */
  readonly backfill: BackfillInput;
  /** Whether the runs are done once more with the location refused, too. */
  readonly isRestricted: boolean;
  readonly seed: number;
}

/**
 * Answers a fifth of all requests with faults. First every kind but a restricted location, where the digests must be those of an
 * undisturbed run; then refused locations among failures, which hand over to the next source, so that candles may come from another.
 */
export async function disturbSource(world: World, { days, symbols, backfill, isRestricted, seed }: SourceFaults): Promise<Row> {
  const random = createRandom(seed);
  const series: Series = { days, backfill, symbols, first: FIRST };
  await calmPicture(world, series);
  const injected: Record<string, number> = {};
  // Of its own, so that nobody else's requests take its faults, or are counted.
  const market = await startMarket();
  try {
    return await disturb(world, market, { series, backfill, isRestricted, random, injected });
  } finally {
    await market.stop();
  }
}

interface Disturbance {
  readonly series: Series;
  readonly random: Random;
  readonly injected: Record<string, number>;
}

async function disturb(
  world: World,
  market: Market,
  { series, backfill, isRestricted, random, injected }: Disturbance & Pick<SourceFaults, "backfill" | "isRestricted">,
): Promise<Row> {
  const universe = world.universe("source");
  const worker = universe.startWorker({ BINANCE_URL: market.url });
  await worker.ready;
  const one = await withFaults(market, { kinds: MENDED, random, injected }, async () => {
    const { failed } = await universe.backfill("backfill", backfill);
    const results: PipelineResult[] = [];
    for (let day = 0; day < series.days; day++) results.push(await runDay(universe, day, series));
    return { results, failed };
  });
  const { survived, problems } = await judgeSeries(world, universe, series, one.found.results);
  await worker.kill("SIGTERM");
  problems.push(...one.found.failed.map(({ error }) => `a window of the backfill failed: ${error}`));
  problems.push(...overLimit("binance", one.maxPerSecond, LIMIT));

  const figures = { ...survived, requests: one.requests, "most requests in a second": `${one.maxPerSecond} of ${LIMIT}` };
  const restricted = isRestricted ? await restrictLocation(world, market, { series, random, injected }) : null;
  return {
    name: "faults of the source on 20 % of its requests",
    injected,
    survived: { ...figures, ...restricted?.survived },
    problems: [...problems, ...(restricted?.problems ?? [])],
  };
}

/** Where a source's location is refused the next one is asked, so that candles may be another's; each symbol ends well or with a reason. */
async function restrictLocation(
  world: World,
  market: Market,
  { series, random, injected }: Disturbance,
): Promise<Pick<Row, "survived" | "problems">> {
  const problems: string[] = [];
  const either = world.universe("sources", { source: "auto" });
  const second = either.startWorker({ CRYPTOCOMPARE_API_KEY: "", BINANCE_URL: market.url, KRAKEN_URL: market.url });
  await second.ready;
  const both = await withFaults(market, { kinds: ["http-451", "http-503"], random, injected }, async () => {
    const results: PipelineResult[] = [];
    for (let day = 0; day < series.days; day++) results.push(await runDay(either, day, series));
    return results;
  });
  await second.kill("SIGTERM");
  problems.push(...overLimit("binance and kraken", both.maxPerSecond, LIMIT + createKraken().requestsPerSecond));
  const outcomes = both.found.flatMap((result) => result.symbols);
  for (const { symbol, status, error } of outcomes) {
    if (status === "failed" && !/no candles could be fetched: .*(restricted|location|HTTP|answer)/.test(error ?? ""))
      problems.push(`${symbol} failed without a reason that helps: ${error}`);
  }
  return {
    survived: {
      "requests with a restricted location": both.requests,
      "most in a second": `${both.maxPerSecond} of ${LIMIT + createKraken().requestsPerSecond}`,
      "symbols ok": `${outcomes.filter(({ status }) => status === "ok").length} of ${outcomes.length}`,
    },
    problems,
  };
}

function overLimit(source: string, found: number, limit: number): string[] {
  return found > limit ? [`${source} had ${found} requests in one second, ${limit} are allowed`] : [];
}

async function withFaults<T>(
  market: Market,
  { kinds, random, injected }: { kinds: readonly string[]; random: Random; injected: Record<string, number> },
  work: () => Promise<T>,
): Promise<{ found: T; requests: number; maxPerSecond: number }> {
  // Dealt from a deck, so that each kind has its turn.
  let deck: string[] = [];
  const deal = () => {
    if (deck.length === 0) deck = [...kinds];
    return deck.splice(random.int(deck.length), 1)[0];
  };
  const planned: Fault[] = Array.from({ length: 3_000 }, () => {
    const kind = random.next() < 0.2 ? deal() : NONE;
    return { kind, retryAfter: 1, ...(kind === "slow" ? { afterMs: 1_500 } : {}) };
  });
  await pause(1_100);
  await market.control({ faults: planned, resetStats: true });
  const found = await work();
  const { requests, maxPerSecond } = await market.stats();
  await market.control({ faults: [] });
  for (const { kind } of planned.slice(0, requests)) if (kind !== NONE) count(injected, kind);
  return { found, requests, maxPerSecond };
}
