import { createFitPool } from "../../activities/train/fit-pool.ts";
import { cleanCandles } from "../../core/candles/clean-candles.ts";
import { assemblePool } from "../../core/evaluation/pool.ts";
import { planFolds } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import { ALGORITHMS } from "../../core/vocabulary/model-names.ts";
import { createSimulated } from "../../sources/simulated.ts";
import { encodeFeatures } from "../../storage/feature-files/feature-files.ts";
import { sha256Hex } from "../../storage/object-store/immutable.ts";
import { livelyCandles } from "../features/random-candles.ts";

/** Prints a digest for the features of two coins, and for each algorithm's model and out-of-sample predictions. */
const asOf = Date.parse("2016-01-15");
const page = await createSimulated().fetchPage({ symbol: "HET", interval: "1d", range: { from: 0, to: asOf } });
const { series } = cleanCandles(page.rows, { symbol: "HET", interval: "1d", asOf, source: "simulated", fetchedAt: asOf });
const matrices = [computeFeatures(series), computeFeatures(livelyCandles(380))];
const pool = assemblePool(matrices, { horizon: 1 });
const folds = planFolds(pool, { folds: 2, embargo: 1 });
const fitPool = createFitPool({ threads: Number(process.argv[2]) });
const digests: Record<string, string> = {};
matrices.forEach((matrix, i) => {
  digests[`features ${i}`] = sha256Hex(encodeFeatures(matrix));
});
await Promise.all(
  ALGORITHMS.map(async (algorithm) => {
    const options = { scope: "coin", seed: 7 } as const;
    digests[`${algorithm} model`] = sha256Hex(await fitPool.fitFinal(pool, algorithm, options));
    const parts = await fitPool.runFolds(pool, folds, algorithm, options);
    digests[`${algorithm} folds`] = sha256Hex(Buffer.concat(parts.map(({ prediction }) => Buffer.from(prediction.buffer))));
  }),
);
await fitPool.close();
console.log(JSON.stringify(Object.fromEntries(Object.entries(digests).sort()), null, 1));
