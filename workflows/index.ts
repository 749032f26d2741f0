export { backfill } from "./backfill.ts";
export { importCandles } from "./import-candles.ts";
export { ingestBatch } from "./ingest-batch.ts";
export { ingestSymbol } from "./ingest-symbol.ts";
export { pipeline } from "./pipeline.ts";
export { retention } from "./retention.ts";
export { score } from "./score.ts";
