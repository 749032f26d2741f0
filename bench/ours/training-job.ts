import { join } from "node:path";
import { createFitPool } from "../../activities/train/fit-pool.ts";
import { assemblePool, type Pool } from "../../core/evaluation/pool.ts";
import type { FoldPredictions } from "../../core/evaluation/run-fold.ts";
import type { FoldPlan } from "../../core/evaluation/walk-forward.ts";
import { computeFeatures } from "../../core/features/compute-features.ts";
import type { AlgorithmName } from "../../core/vocabulary/model-names.ts";
import { isClassifier } from "../../core/vocabulary/model-names.ts";
import { readCandles } from "../candle-columns.ts";
import { writeDoubles } from "../doubles.ts";
import type { TrainingJob } from "../training-job.ts";
import { serve } from "./serve.ts";

/** The whole training job as a worker does it, on all cores: `training-job.ts FOLDER JOB-AS-JSON`. */
const [folder, text] = process.argv.slice(2);
const job = JSON.parse(text) as TrainingJob;
const coins = new Map(readCandles(folder).map((series) => [series.symbol, series]));
const fitPool = createFitPool({ threads: job.threads });
let trained: { pool: Pool; parts: Map<AlgorithmName, FoldPredictions[]> }[] = [];

await serve({ work: train, finish: writeErrors, close: () => fitPool.close() });

async function train(): Promise<void> {
  const matrices = new Map([...coins].map(([symbol, series]) => [symbol, computeFeatures(series)]));
  trained = await Promise.all(
    job.groups.map(async (group, g) => {
      const members = group.coins.map((coin) => matrices.get(coin) as ReturnType<typeof computeFeatures>);
      const pool = assemblePool(members, { horizon: 1 });
      const folds: FoldPlan[] = group.folds.map(([trainTo, testFrom, testTo], index) => ({ index, trainTo, testFrom, testTo }));
      const options = { scope: job.scope, seed: g, settings: job.settings };
      const parts = new Map<AlgorithmName, FoldPredictions[]>();
      await Promise.all(
        job.algorithms.map(async (algorithm) => {
          const [predictions] = await Promise.all([
            fitPool.runFolds(pool, folds, algorithm, options),
            fitPool.fitFinal(pool, algorithm, options),
          ]);
          parts.set(algorithm, predictions);
        }),
      );
      return { pool, parts };
    }),
  );
}

/** In units of the scale, as the peers do; a classifier's against 0 or 1. */
function writeErrors(): void {
  for (const algorithm of job.algorithms) {
    const errors = trained.flatMap(({ pool: { actual, scale }, parts }) =>
      (parts.get(algorithm) as FoldPredictions[]).map(({ rows, prediction }) =>
        prediction.map((value, i) => {
          const scaled = actual[rows[i]] / scale[rows[i]];
          return (isClassifier(algorithm) ? value - Number(scaled > 0) : value / scale[rows[i]] - scaled) ** 2;
        }),
      ),
    );
    writeDoubles(join(folder, `errors-candlecast-${algorithm}.f64`), ...errors);
  }
}
