/**
 * A process that fills the small disk of FOLDER while it publishes, and prints what happened: node fill-disk.ts FOLDER
 */
import { CandlecastError } from "../../core/vocabulary/errors.ts";
import { upsertCandles } from "../../storage/candle-files/candle-store.ts";
import { createFileStore } from "../../storage/object-store/file-store.ts";
import { publish } from "../../storage/registry/publish.ts";
import { readLatest } from "../../storage/registry/reader.ts";
import { candle, series } from "../candles/series.ts";
import { runManifest } from "./runs.ts";

const store = createFileStore(process.argv[2]);
const START = Date.parse("2020-12-31T12:00:00Z");
const run = (name: string) => publish(store, (previous) => runManifest(name, START, previous, null));
const told: { name: string; message: string }[] = [];
const note = (error: unknown) => {
  if (!(error instanceof CandlecastError)) throw error;
  told.push({ name: error.name, message: error.message });
};

await run("good");
await upsertCandles(store, series([candle(0), candle(1)]));
let ballast = 0;
for (let size = 200_000; size >= 100; ) {
  try {
    await store.put(`models/${ballast}`, crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536))), { ifAbsent: true });
    ballast++;
  } catch (error) {
    if (told.length === 0) note(error);
    size = Math.floor(size / 2);
  }
}
await run("on a full disk").catch(note);
await upsertCandles(store, series([candle(2)])).catch(note);
const during = (await readLatest(store))?.manifest.workflow.runId;
for (let i = 0; i < ballast; i++) await store.delete(`models/${i}`);
await run("after");
const { added } = await upsertCandles(store, series([candle(2)]));
console.log(JSON.stringify({ told, during, after: (await readLatest(store))?.manifest.workflow.runId, added }));
