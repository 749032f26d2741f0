import type { Manifest } from "../../core/manifests/manifest.ts";

/** A manifest with one symbol and the fields that commands read. */
export function sampleManifest({ createdAt, lastOpenTime }: { createdAt: string; lastOpenTime: string }): Manifest {
  const ref = { key: "k", sha256: "0".repeat(64), bytes: 1, rows: 1 };
  return {
    schema: "candlecast.manifest/1",
    version: "1",
    previous: null,
    createdAt,
    asOf: createdAt,
    workflow: { id: "w", runId: "r" },
    codeVersion: "0",
    interval: "1d",
    horizon: 1,
    featureSet: { name: "daily", digest: "0" },
    symbols: {
      BTC: {
        symbol: "BTC",
        source: "binance",
        simulated: false,
        status: "fresh",
        staleReason: null,
        since: "1",
        candles: { objects: [ref], rows: 1, firstOpenTime: lastOpenTime, lastOpenTime, missing: 0 },
        features: ref,
        trainingDigest: "0",
        evaluation: ref,
        report: null,
        models: [],
      },
    },
  };
}
