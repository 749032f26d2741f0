import { afterAll, beforeAll, expect, test } from "vitest";
import type { FeatureDefinition } from "../../core/features/feature.ts";
import { candleFeatureSet } from "../../core/features/feature-set.ts";
import { type System, startSystem } from "./system.ts";

let system: System;
const features = candleFeatureSet.features as FeatureDefinition[];

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

test("a planted feature that sees one candle ahead fails the run, which names it, and nothing is published", async () => {
  const tomorrow: FeatureDefinition = {
    name: "tomorrow",
    lookback: 1,
    version: 1,
    label: () => "tomorrow",
    show: String,
    compute: ({ close }) => close.map((price, i) => (i + 1 < close.length ? Math.log(close[i + 1] / price) : Number.NaN)),
  };
  features.push(tomorrow);
  try {
    const { manifest, symbols } = await system.run({ symbols: ["HET"], asOf: "2017-06-01T00:30:00Z" });
    expect(manifest).toBeNull();
    expect(symbols[0]).toMatchObject({ status: "failed", error: expect.stringContaining("feature tomorrow of HET sees the future") });
    const history = await system.client.workflow.getHandle(system.lastWorkflowId()).fetchHistory();
    expect(JSON.stringify(history)).not.toContain("trainModel");
  } finally {
    features.pop();
  }
}, 60_000);
