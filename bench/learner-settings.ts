/** The settings that candlecast and its peers learn with in the benchmarks of single learners. */
export const BENCH_BOOSTING = {
  trees: 100,
  leaves: 8,
  maxDepth: 3,
  learningRate: 0.1,
  minLeafRows: 20,
  rowShare: 1,
  featureShare: 1,
  l2: 0,
} as const;

export const BENCH_FOREST = { trees: 100, maxDepth: 10, minLeafRows: 5, featureShare: 1 / 3 } as const;

/** Rows of a batch to predict, and how many batches a repetition predicts. */
export const PREDICTED_ROWS = 1_000;
export const PREDICTIONS = 20;
