import { createHash } from "node:crypto";
import type { Manifest, ModelEntry, SymbolEntry } from "../../core/manifests/manifest.ts";
import { sealVersion } from "../../core/manifests/seal-version.ts";
import type { ObjectRef } from "../../core/vocabulary/object-ref.ts";

const ref = (key: string, rows: number | null = null): ObjectRef => ({
  key,
  sha256: createHash("sha256").update(key).digest("hex"),
  bytes: 100,
  rows,
});

const model: ModelEntry = {
  name: "random_forest",
  scope: "pooled",
  task: "regression",
  file: ref("models/x.json"),
  n: 900,
  metrics: { rmse: 0.03, r2: null },
  skill: { baseline: "no_change", loss: "rmse", value: 0.006, lower: -0.001, upper: 0.013 },
  groupSkill: { baseline: "no_change", loss: "rmse", value: 0.006, lower: null, upper: null },
  gateLower: 0.001,
  skills: [{ baseline: "drift", loss: "mae", value: 0.006, lower: -0.001, upper: 0.013 }],
  groupSkills: [],
  baselines: { no_change: 0, drift: 0.01 },
  role: "champion",
  reason: "It beats no change.",
  interval: { coverage: 0.9, q: 1.7, n: 900, reason: null },
  baselineInterval: { coverage: 0.9, q: null, n: 4, reason: "4 are too few." },
};

const entry: SymbolEntry = {
  symbol: "BTC",
  source: "binance",
  simulated: false,
  status: "fresh",
  staleReason: null,
  since: "20201231T120000Z-1a2b3c4d",
  candles: {
    objects: [ref("data/candles/interval=1d/symbol=BTC/year=2020.parquet", 366)],
    rows: 366,
    firstOpenTime: "2020-01-01T00:00:00.000Z",
    lastOpenTime: "2020-12-30T00:00:00.000Z",
    missing: 0,
  },
  features: ref("data/features/symbol=BTC/x.arrow", 366),
  trainingDigest: "ab".repeat(32),
  evaluation: ref("evaluations/x.parquet", 900),
  report: ref("reports/x.json"),
  models: [model],
};

/** A manifest as the run `runId` would make it after `previous`. */
export function sampleManifest(runId = "run-1", previous: Manifest | null = null): Manifest {
  const createdAt = Date.parse("2020-12-31T12:00:00Z");
  return sealVersion({
    schema: "candlecast.manifest/1",
    previous: previous?.version ?? null,
    createdAt: new Date(createdAt).toISOString(),
    asOf: "2020-12-31T12:00:00.000Z",
    workflow: { id: "pipeline", runId },
    codeVersion: "0.1.0",
    interval: "1d",
    horizon: 1,
    featureSet: { name: "daily", digest: "ef".repeat(32) },
    symbols: { BTC: entry },
  });
}
