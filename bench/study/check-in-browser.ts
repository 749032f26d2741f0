/**
 * What it costs to check a prediction in a browser, and where the browser's mathematical functions differ from Node's:
 * `node bench/study/check-in-browser.ts [COINS]`. A real API over a temporary store with the simulated coin, all of its daily
 * candles up to 2026, and a manifest of so many coins, in a headless Chromium.
 */
import "../../api/app.ts";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { encodeManifest } from "../../core/manifests/encode-manifest.ts";
import type { SymbolEntry } from "../../core/manifests/manifest.ts";
import { createRandom } from "../../core/random.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { loadSeries, upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { decodeFeatures, encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { keyOf } from "../../storage/layout.ts";
import { putImmutable, sha256Hex } from "../../storage/object-store/immutable.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import { serveCheckable } from "../../test/api/checkable-folder.ts";

const { getChromium } = (await import(new URL("../../scripts/get-chromium.mjs", import.meta.url).href)) as {
  getChromium(): Promise<string>;
};
const SCRIPT = fileURLToPath(new URL("../../scripts/bundle-checker.mjs", import.meta.url));
const AS_OF = Date.parse("2026-01-01T00:00:00Z");
const CHECKS = 10;
const SAMPLES = 100_000;
const coins = Number(process.argv[2] ?? 187);
const folder = mkdtempSync(join(tmpdir(), "candlecast-check-"));

/** The entry with the features of all candles up to 2026. */
async function prolong(store: ObjectStore, entry: SymbolEntry): Promise<SymbolEntry> {
  const { rows } = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: AS_OF } });
  const known = { symbol: "HET", interval: "1d", asOf: AS_OF, source: "simulated", fetchedAt: AS_OF } as const;
  await upsertCandles(store, cleanCandles(rows, known).series);
  const { series, objects } = await loadSeries(store, "HET", "1d", { asOf: AS_OF });
  const bytes = encodeFeatures(computeFeatures(series));
  const features = await putImmutable(store, keyOf("features", { symbol: "HET", digest: sha256Hex(bytes) }), bytes, series.length);
  const lastOpenTime = new Date(series.openTime[series.length - 1]).toISOString();
  return { ...entry, features, candles: { ...entry.candles, objects, rows: series.length, lastOpenTime } };
}

/** The entry under another name, with one row of features that bears it. */
async function rename(store: ObjectStore, entry: SymbolEntry, symbol: string): Promise<SymbolEntry> {
  const matrix = decodeFeatures((await store.get(entry.features.key))?.bytes ?? new Uint8Array());
  const last = (column: Float64Array) => column.slice(-1);
  const { openTime, close, volatility, columns } = matrix;
  const row = { openTime: last(openTime), close: last(close), volatility: last(volatility), columns: columns.map(last) };
  const bytes = encodeFeatures({ ...matrix, ...row, symbol });
  return {
    ...entry,
    symbol,
    report: null,
    features: await putImmutable(store, keyOf("features", { symbol, digest: sha256Hex(bytes) }), bytes, 1),
  };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
const ms = (time: number) => `${time.toFixed(0)} ms`;

const served = await serveCheckable(folder, {
  asOf: new Date(AS_OF).toISOString(),
  change: async (store, entry) => {
    const own = await prolong(store, entry);
    const others = Array.from({ length: coins - 1 }, (_, i) => `C${i}`);
    const entries = await Promise.all(others.map((symbol) => rename(store, own, symbol)));
    return { HET: own, ...Object.fromEntries(entries.map((entry) => [entry.symbol, entry])) };
  },
});
const browser = await chromium.launch({ executablePath: await getChromium(), args: ["--no-sandbox"] });
try {
  const page = await browser.newPage();
  const began = performance.now();
  const bundle = new Uint8Array(await (await fetch(`${served.url}/assets/checker.mjs`)).arrayBuffer());
  const bundling = performance.now() - began;
  const packed = await fetch(`${served.url}/assets/checker.mjs`, { method: "HEAD", headers: { "Accept-Encoding": "br" } });
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, join(folder, "checker.mjs.br")]);
  console.log(
    `${cpus()[0].model}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)} at the start; Chromium ${browser.version()}, Node ${process.version}\n`,
  );
  console.log(
    `bundle: ${kB(bundle.byteLength)}; ${kB(Number(packed.headers.get("content-length")))} as it is sent by brotli; in the image, ${stdout.trim().split("\n").at(-1)}`,
  );
  console.log(`bundling with the first request: ${ms(bundling)}`);

  await page.goto(`${served.url}/coin/HET`);
  const { times, first, sentence, took, fetched } = (await page.evaluate(`(async () => {
    const began = performance.now();
    const { checkSymbol } = await import(new URL("../assets/checker.mjs", location.href).href);
    let fetched = 0;
    const counting = async (url, options) => {
      const response = await fetch(url, options);
      const { byteLength } = await response.clone().arrayBuffer();
      fetched += byteLength;
      return response;
    };
    const took = {};
    let since = 0;
    const onSteps = (steps) => { const name = steps.at(-1).name; took[name] = (took[name] ?? 0) + performance.now() - since; since = performance.now(); };
    const check = () => checkSymbol({ symbol: "HET", onSteps, root: new URL("../", location.href).href, fetch: counting, now: () => Date.now() });
    const { sentence } = await check();
    const first = performance.now() - began;
    const bytes = fetched;
    const times = [];
    for (const name of Object.keys(took)) took[name] = 0;
    for (let i = 0; i < ${CHECKS}; i++) { const start = (since = performance.now()); await check(); times.push(performance.now() - start); }
    return { sentence, first, times, took, fetched: bytes };
  })()`)) as { times: number[]; first: number; took: Record<string, number>; sentence: string; fetched: number };
  const { rows, objects } = served.manifest.symbols.HET.candles;
  console.log(
    `checked: ${rows} candles in ${objects.length} files, a manifest of ${coins} coins (${kB(encodeManifest(served.manifest).byteLength)}), ${kB(fetched)} in all`,
  );
  console.log(
    `first check, with the bundle's download: ${ms(first)}; ${CHECKS} more: median ${ms(median(times))}, longest ${ms(Math.max(...times))}`,
  );
  console.log(
    `by step, mean: ${Object.entries(took)
      .map(([name, time]) => `${name} ${ms(time / CHECKS)}`)
      .join(", ")}`,
  );
  console.log(`it says: ${sentence}\n`);

  const random = createRandom(5);
  const places = Array.from({ length: SAMPLES }, () => 20 * (random.next() - 0.5) * 10 ** -random.int(4));
  console.log(`| function | values of ${SAMPLES} whose bits differ between Chromium's and Node's |\n|---|---|`);
  for (const name of ["exp", "log", "sin", "cos", "tanh", "expm1", "log1p", "log2", "pow", "sqrt"] as const) {
    const found = (await page.evaluate(
      ([name, places]) => {
        const compute = (Math as unknown as Record<string, (x: number, y: number) => number>)[name as string];
        return (places as number[]).map((x) => String(compute(name === "exp" || name === "expm1" ? x : Math.abs(x), 1.5)));
      },
      [name, places] as const,
    )) as string[];
    const nodes = places.map((x) =>
      String((Math[name] as (x: number, y: number) => number)(name.startsWith("exp") ? x : Math.abs(x), 1.5)),
    );
    console.log(`| ${name} | ${found.filter((value, i) => value !== nodes[i]).length} |`);
  }
} finally {
  await browser.close();
  await served.close();
  rmSync(folder, { recursive: true, force: true });
}
