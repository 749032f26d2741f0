import { pause } from "../../dev/processes/pause.ts";
import type { PipelineResult } from "../../workflows/contract.ts";
import { count, type Row } from "./row.ts";
import { calmPicture, judgeSeries, runDay, type Series } from "./series.ts";
import type { World } from "./world.ts";

/** Twelve coins with two hundred days and more by July 2018, Heterium, and seven that have too few or none: these are refused. */
export const TWENTY_COINS: readonly string[] = [
  ...["ADA", "BNB", "BTC", "DOGE", "EOS", "ETH", "HET", "LINK", "LTC", "TRX", "USDT", "XLM", "XRP"],
  ...["AAVE", "ALGO", "AVAX", "BCH", "DOT", "UNI", "USDC"],
];
export const TWENTY_COINS_FROM = Date.parse("2018-07-10T12:00:00Z");

/** Two workers, one of them killed every few seconds and started again, while runs go on one after the other. */
export async function killOneOfTwo(
  world: World,
  { minutes, everyMs, symbols, first }: { minutes: number; everyMs: number; symbols: readonly string[]; first?: number },
): Promise<Row> {
  const injected: Record<string, number> = {};
  const universe = world.universe("two-workers");
  const workers = [universe.startWorker(), universe.startWorker()];
  await Promise.all(workers.map(({ ready }) => ready));
  const end = Date.now() + minutes * 60_000;
  const killing = (async () => {
    for (let i = 0; Date.now() < end; i++) {
      await pause(Math.min(everyMs, end - Date.now()));
      if (Date.now() >= end) return;
      await workers[i % 2].kill("SIGKILL");
      count(injected, "kills");
      workers[i % 2] = universe.startWorker();
    }
  })();
  const results: PipelineResult[] = [];
  while (Date.now() < end) results.push(await runDay(universe, results.length, { symbols, first }));
  await killing;
  await Promise.all(workers.map((worker) => worker.kill("SIGTERM")));
  const series: Series = { days: results.length, symbols, first, mayFail: true };
  await calmPicture(world, series);
  const { survived, problems } = await judgeSeries(world, universe, series, results);
  const coins = new Set(results.flatMap((result) => result.symbols.filter(({ status }) => status === "ok").map(({ symbol }) => symbol)));
  return {
    name: `two workers, one killed every ${everyMs / 1000} s for ${minutes} min, ${symbols.length} coins`,
    injected,
    survived: { ...survived, "coins with a model": coins.size },
    problems,
  };
}
