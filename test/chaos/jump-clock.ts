import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { intervalMs } from "../../core/vocabulary/interval.ts";
import { pause } from "../../dev/processes/pause.ts";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import type { PipelineResult } from "../../workflows/contract.ts";
import { rowsOf } from "../candles/rows.ts";
import { startMarket } from "../market-server.ts";
import { startClockProxy } from "./clock-proxy.ts";
import { differences, pictureOf } from "./picture.ts";
import { count, type Row } from "./row.ts";
import { asOfDay } from "./series.ts";
import type { Universe, World } from "./world.ts";

const HOUR = 3_600_000;

interface Jump {
  readonly what: string;
  /** True time of the run, from the end of its day. */
  readonly trueMs: number;
  /** How far the worker's clock is ahead, and how far Temporal's is. */
  readonly worker: number;
  readonly temporal: number;
}

/** Half an hour before a day's candle closes with clocks that say it has, and half an hour after with clocks that say it has not. */
const JUMPS: readonly Jump[] = [
  { what: "worker ahead", trueMs: -HOUR / 2, worker: HOUR, temporal: 0 },
  { what: "worker behind", trueMs: HOUR / 2, worker: -HOUR, temporal: 0 },
  { what: "machine ahead", trueMs: -HOUR / 2, worker: HOUR, temporal: HOUR },
  { what: "machine behind", trueMs: HOUR / 2, worker: -HOUR, temporal: -HOUR },
];

/**
 * Moves clocks by an hour under a running worker, each way, its requests to S3 signed by the moved clock. The market server keeps the
 * true time, and a run's clock is what Temporal's would say. In the end a run with true clocks finds what an undisturbed one does.
 */
export async function jumpClock(world: World, { symbols: coins }: { symbols: readonly string[] }): Promise<Row> {
  const injected: Record<string, number> = {};
  const problems: string[] = [];
  const early: string[] = [];
  const file = join(world.folder, "clock");
  let trueNow = 0;
  let aheadMs = 0;
  // Of its own, because its clock is moved.
  const market = await startMarket();
  const proxy = await startClockProxy(market.url, () => trueNow);
  /** The worker reads its clock's offset a few times a second. */
  const setClocks = async (now: number, ahead: number) => {
    trueNow = now;
    aheadMs = ahead;
    await writeFile(file, String(trueNow + aheadMs - Date.now()));
    await market.control({ now: new Date(trueNow).toISOString() });
    await pause(200);
  };
  await setClocks(dayEnd(0), 0);
  const start = (name: string) => {
    const universe = world.universe(name);
    const worker = universe.startWorker({ CHAOS_CLOCK: file, BINANCE_URL: proxy.url });
    return { universe, worker };
  };
  try {
    const { universe, worker } = start("clock");
    await worker.ready;
    const results: PipelineResult[] = [];
    let candles = 0;
    for (const [day, { what, trueMs, worker: ahead, temporal }] of JUMPS.entries()) {
      const now = dayEnd(day) + trueMs;
      await setClocks(now, ahead);
      results.push(await universe.run(what.replace(" ", "-"), { symbols: coins, asOf: new Date(now + temporal).toISOString() }));
      count(injected, what);
      // No service tells Heterium's time: where the whole machine's clock is ahead, its day has ended.
      const found = (await openTimes(universe, coins)).filter(({ symbol }) => temporal === 0 || symbol !== "HET");
      candles = found.length;
      for (const { symbol, openTime } of found)
        if (openTime + intervalMs("1d") > now)
          early.push(`${what}: ${symbol}'s candle of ${new Date(openTime).toISOString()} was still open`);
    }
    await setClocks(dayEnd(JUMPS.length) + HOUR / 2, 0);
    const last = { symbols: coins, asOf: new Date(trueNow).toISOString() };
    results.push(await universe.run("true", last));
    await worker.kill("SIGTERM");
    const calm = start("clock-calm");
    await calm.worker.ready;
    await calm.universe.run("true", last);
    await calm.worker.kill("SIGTERM");
    const ofCandles = (lines: readonly string[]) => lines.filter((line) => line.startsWith("data/candles/"));
    const different = differences(ofCandles(await pictureOf(calm.universe.store)), ofCandles(await pictureOf(universe.store)));
    problems.push(...different.map((line) => `candles differ from an undisturbed run's: ${line}`));
    for (const { asOf, symbols, summary } of results)
      if (symbols.some(({ status }) => status !== "ok")) problems.push(`the run as of ${asOf} ended otherwise: ${summary}`);
    return {
      name: "clocks jump by an hour, both ways",
      injected,
      survived: {
        "runs ended": results.length,
        "candles looked at": candles,
        "stored before they closed": early.length,
        "different candle files at the end": different.length,
      },
      problems: [...early, ...problems],
    };
  } finally {
    await proxy.stop();
    await market.stop();
  }
}

const dayEnd = (day: number) => Math.ceil(Date.parse(asOfDay(day)) / intervalMs("1d")) * intervalMs("1d");

async function openTimes({ store }: Universe, coins: readonly string[]): Promise<{ symbol: string; openTime: number }[]> {
  const all = await Promise.all(
    coins.map(async (symbol) => (await loadSeries(store, symbol, "1d", { asOf: Number.POSITIVE_INFINITY })).series),
  );
  return all.flatMap((series) => rowsOf(series).map(({ openTime }) => ({ symbol: series.symbol, openTime })));
}
