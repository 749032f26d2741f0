import type { z } from "@hono/zod-openapi";
import { exampleModels, examplePrediction, VERSION } from "./examples.ts";
import type { comparisonAnswer, manifestAnswer, manifestList } from "./manifest-answers.ts";

const FORMER = "20201230T120004Z-9f8e7d6c";
const { lineage, source } = examplePrediction;
const { as_of, symbols } = exampleModels;
const times = { created_at: lineage.published_at, as_of };
const made = { interval: "1d", horizon: 1, code_version: lineage.code_version } as const;

export const exampleManifests: z.infer<typeof manifestList> = {
  manifests: [
    {
      version: VERSION,
      previous: FORMER,
      ...times,
      ...made,
      workflow: lineage.workflow,
      rollback_to: null,
      coins: { fresh: 2, stale: 0, left: 0 },
    },
  ],
  next: null,
};

export const exampleManifest: z.infer<typeof manifestAnswer> = {
  schema: "candlecast.manifest/1",
  version: VERSION,
  previous: FORMER,
  ...times,
  workflow: { id: lineage.workflow.id, run_id: lineage.workflow.run_id },
  ...made,
  feature_set: { name: "candles", digest: "f".repeat(64) },
  symbols: {
    BTC: {
      symbol: "BTC",
      source,
      simulated: false,
      status: "fresh",
      stale_reason: null,
      since: VERSION,
      candles: {
        objects: [],
        rows: 1_231,
        first_open_time: "2017-08-17T00:00:00.000Z",
        last_open_time: "2020-12-30T00:00:00.000Z",
        missing: 0,
      },
      features: lineage.features,
      training_digest: lineage.training_digest,
      evaluation: lineage.evaluation,
      report: null,
      models: symbols[0].models.map((model) => ({ ...model, baselines: {}, baseline_interval: null })),
    },
  },
};

const side = { status: "fresh", price_champion: "gradient_boosting", direction_champion: null, skill: 0.0041 } as const;

export const exampleComparison: z.infer<typeof comparisonAnswer> = {
  from: FORMER,
  to: VERSION,
  added: ["SOL"],
  removed: [],
  changed: [
    {
      symbol: "BTC",
      retrained: true,
      from: { ...side, last_open_time: "2020-12-29T00:00:00.000Z", training_digest: "d".repeat(64) },
      to: { ...side, last_open_time: "2020-12-30T00:00:00.000Z", training_digest: lineage.training_digest },
    },
  ],
  unchanged: ["HET"],
};
