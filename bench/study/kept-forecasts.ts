/**
 * What it costs to keep forecasts and to score them, on a store in a temporary folder: `node bench/study/kept-forecasts.ts [COINS] [DAYS]`.
 * The rows are those of a real entry of the simulated coin, under the names of so many coins, each number times a factor of its own.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import type { ActivityDependencies } from "../../activities/dependencies.ts";
import { forecastManifest } from "../../activities/publish/publish-forecasts.ts";
import { type ScoringRoundResult, scoreForecasts } from "../../activities/score/score-forecasts.ts";
import { seriesFromCandles } from "../../core/candles/build-series.ts";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { Manifest } from "../../core/manifests/manifest.ts";
import { parseManifest } from "../../core/manifests/parse-manifest.ts";
import { createRandom } from "../../core/random.ts";
import type { KeptForecast } from "../../core/scoring/kept-forecast.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { createPublishedStore } from "../../test/api/published-store.ts";
import { candle } from "../../test/candles/series.ts";
import { publishRows } from "../../test/scoring/publish-rows.ts";

const DAY = 86_400_000;
const START = Date.parse("2021-01-01T00:00:00Z");
const [coins = 187, days = 364] = process.argv.slice(2).map(Number);
const symbols = Array.from({ length: coins }, (_, i) => `C${i}`);
const folder = await mkdtemp(join(tmpdir(), "candlecast-kept-"));
const traffic = { reads: 0, read: 0, writes: 0, written: 0 };
const files = createFileStore(folder);
const store: ObjectStore = {
  ...files,
  async get(key) {
    const found = await files.get(key);
    traffic.reads++;
    traffic.read += found?.bytes.byteLength ?? 0;
    return found;
  },
  put(key, bytes, condition) {
    traffic.writes++;
    traffic.written += bytes.byteLength;
    return files.put(key, bytes, condition);
  },
};

async function timed<T>(label: string, work: () => Promise<T>): Promise<T> {
  Object.assign(traffic, { reads: 0, read: 0, writes: 0, written: 0 });
  const began = performance.now();
  const result = await work();
  const seconds = ((performance.now() - began) / 1000).toFixed(2);
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
  const { reads, read, writes, written } = traffic;
  console.log(`| ${label} | ${seconds} s | ${reads}, ${size(read)} | ${writes}, ${size(written)} |`);
  return result;
}

const score = async (day: number): Promise<ScoringRoundResult> => {
  const run = { attempt: 1, attempts: 1, signal: new AbortController().signal, lastProgress: null, progress: () => {} };
  for (;;) {
    const round = await scoreForecasts({ store, now: () => START + day * DAY } as ActivityDependencies, { all: false }, run);
    if (!round.more) return round;
  }
};
/** All coins' candles from one day to before another. */
const putCandles = async (from: number, to: number) => {
  for (const symbol of symbols) {
    const rows = Array.from({ length: to - from }, (_, i) =>
      candle(0, { openTime: START + (from + i) * DAY, close: 10 + Math.sin(from + i) }),
    );
    await upsertCandles(store, seriesFromCandles(symbol, "1d", rows));
  }
};
const random = createRandom(1);
const otherNumbers = (row: KeptForecast): KeptForecast => {
  const other = (value: number | null) => (value === null ? null : value * (0.9 + 0.1 * random.next()));
  return {
    ...row,
    asOfClose: other(row.asOfClose),
    logReturn: other(row.logReturn),
    price: other(row.price),
    lower: other(row.lower),
    upper: other(row.upper),
    probabilityUp: other(row.probabilityUp),
  };
};
/** What is forecast at one o'clock of each day. */
const publishDays = async (from: number, to: number, rows: readonly KeptForecast[]) => {
  for (let day = from; day < to; day++) {
    const openTime = START + day * DAY;
    const times = { asOfOpenTime: openTime - DAY, targetOpenTime: openTime, targetCloseTime: openTime + DAY };
    await publishRows(
      store,
      openTime + DAY / 24,
      symbols.flatMap((symbol) => rows.map((row) => ({ ...otherNumbers(row), ...times, symbol }))),
    );
  }
};

try {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}; ${coins} coins, ${days} days\n`);
  console.log("| | time | objects read | objects written |\n|---|---|---|---|");
  const whole = await createPublishedStore();
  const manifest: Manifest = await whole.publish(new Date(START).toISOString());
  for await (const { key } of whole.store.list("")) {
    if (!key.startsWith("manifests/")) await store.put(key, (await whole.store.get(key))?.bytes ?? new Uint8Array(), { ifAbsent: true });
  }
  const many: Manifest = { ...manifest, symbols: Object.fromEntries(symbols.map((symbol) => [symbol, whole.entry])) };
  const forecasts = await timed("forecasts of one manifest", () => forecastManifest(store, many));
  const rows = forecasts.slice(0, forecasts.length / coins);
  const bytes = encodeManifest({ ...many, symbols: Object.fromEntries(symbols.map((symbol) => [symbol, { ...whole.entry, symbol }])) });
  await timed(`reading one manifest of ${(bytes.byteLength / 1e6).toFixed(1)} MB`, async () => parseManifest(bytes));
  await publishDays(0, days, rows);
  await putCandles(0, days);
  await timed(`scoring ${days} days for the first time`, () => score(days));
  await timed("scoring with nothing new", () => score(days));
  await publishDays(days, days + 1, rows);
  await putCandles(days, days + 1);
  await timed("scoring one more day", () => score(days + 1));
  await publishDays(days + 1, days + 31, rows);
  await putCandles(days + 1, days + 31);
  await timed("scoring 30 more days after an absence", () => score(days + 31));
  const sizes: Record<string, { files: number; bytes: number }> = {};
  for await (const { key, bytes: size } of store.list("predictions/")) {
    const kind = key.split("/")[1];
    sizes[kind] = { files: (sizes[kind]?.files ?? 0) + 1, bytes: (sizes[kind]?.bytes ?? 0) + size };
  }
  console.log(`\nrows of a manifest: ${forecasts.length}`);
  for (const [kind, { files: count, bytes: size }] of Object.entries(sizes))
    console.log(`${kind}: ${count} objects, ${(size / 1e6).toFixed(1)} MB, ${(size / count / 1e3).toFixed(1)} kB each`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
