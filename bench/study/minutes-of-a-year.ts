import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { RANDOM_WALK, simulateCandles } from "../../core/candles/simulate-candles.ts";
import { loadSeries } from "../../storage/candle-files/candle-store.ts";
import { startSystem } from "../../test/pipeline/system.ts";
import { makeZip } from "../../test/sources/make-zip.ts";
import { cpuSeconds, readChildren, readHistory, stepTable } from "./run-history.ts";

/**
 * How long a backfill of one coin's minutes of a year takes from published files: `node bench/study/minutes-of-a-year.ts [profile]`.
 *
 * Twelve zips of months are made in a folder first, 525,600 rows in all, with prices of eight decimals as Binance writes them. Then a real
 * Temporal server and one worker with a file store run the backfill, and a second one that finds everything stored.
 */
const YEAR = 2023;
const MINUTE = 60_000;
const [from, to] = [Date.UTC(YEAR, 0), Date.UTC(YEAR + 1, 0)];
const files = await mkdtemp(join(tmpdir(), "candlecast-minutes-"));
for (let month = 0; month < 12; month++) {
  const [start, end] = [Date.UTC(YEAR, month), Date.UTC(YEAR, month + 1)];
  const candles = simulateCandles({ law: RANDOM_WALK, seed: 1, interval: "1m", genesis: from, from: start, to: end });
  const lines = candles.map(({ openTime, open, high, low, close, volume, quoteVolume }) =>
    [
      openTime,
      ...[open, high, low, close, volume].map((value) => value.toFixed(8)),
      openTime + MINUTE - 1,
      (quoteVolume ?? 0).toFixed(8),
      1_234,
      (volume / 2).toFixed(8),
      ((quoteVolume ?? 0) / 2).toFixed(8),
      0,
    ].join(","),
  );
  const name = `BTCUSDT-1m-${YEAR}-${String(month + 1).padStart(2, "0")}`;
  await writeFile(join(files, `${name}.zip`), makeZip(`${name}.csv`, `${lines.join("\n")}\n`));
}

const system = await startSystem({}, { queues: ["workflow", "sources"] });
try {
  print(`${availableParallelism()} cores, node ${process.versions.node}`);
  print("| backfill | s | CPU s | of the worker | rows added | windows | events |\n|---|---|---|---|---|---|---|");
  const profiles: string[] = [];
  for (const name of ["of an empty store", "once more"]) {
    const began = performance.now();
    const before = cpuSeconds();
    const input = { symbols: ["BTC"], interval: "1m", source: "binance", files } as const;
    const result = await system.backfill({ ...input, from: `${YEAR}-01-01`, to: `${YEAR + 1}-01-01` });
    const seconds = (performance.now() - began) / 1_000;
    const cpu = cpuSeconds();
    const history = await readHistory(system.client, system.lastWorkflowId());
    const cells = [
      name,
      seconds.toFixed(1),
      (cpu.all - before.all).toFixed(1),
      (cpu.own - before.own).toFixed(1),
      result.added,
      result.windows,
      history.length,
    ];
    print(`| ${cells.join(" | ")} |`);
    if (process.argv.includes("profile"))
      profiles.push(`\n${name}\n${stepTable([history, ...(await readChildren(system.client, history))])}`);
  }
  for (const text of profiles) print(text);
  const { series } = await loadSeries(system.store, "BTC", "1m", { asOf: to, knownAt: Date.now() });
  if (series.length !== (to - from) / MINUTE) throw new Error(`${series.length} of ${(to - from) / MINUTE} minutes are stored`);
} finally {
  await system.stop();
  await rm(files, { recursive: true });
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
