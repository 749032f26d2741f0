import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { readCandles } from "../candle-columns.ts";
import { writeDoubles } from "../doubles.ts";
import { serve } from "./serve.ts";

/** All features of the candles in the folder: `features.ts FOLDER TIMES`. */
const [folder, times] = process.argv.slice(2);
const [series] = readCandles(folder);

await serve({
  work: () => computeFeatures(series),
  times: Number(times),
  finish: () => {
    const { names, columns } = computeFeatures(series);
    writeFileSync(join(folder, "names.json"), JSON.stringify(names));
    writeDoubles(join(folder, "features-candlecast.f64"), ...columns);
  },
});
