import { z } from "@hono/zod-openapi";
import { manifestComparisonSchema } from "../../core/manifests/compare-manifests.ts";
import { manifestSchema } from "../../core/manifests/manifest.ts";
import { horizonSchema, intervalSchema } from "../../core/vocabulary/schemas.ts";
import type { ManifestSummary } from "../served/manifest-archive.ts";
import { answerSchema } from "./answer-schema.ts";
import { components, time, version } from "./schemas.ts";

export const manifestAnswer = answerSchema(manifestSchema, components).openapi("Manifest");
export const comparisonAnswer = answerSchema(manifestComparisonSchema, components).openapi("ManifestComparison");

export const manifestList = z
  .object({
    manifests: z.array(
      z.object({
        version,
        previous: version.nullable(),
        created_at: time,
        as_of: time,
        interval: intervalSchema,
        horizon: horizonSchema,
        code_version: z.string(),
        workflow: z.object({ id: z.string(), run_id: z.string(), url: z.string().nullable() }),
        rollback_to: version.nullable().openapi({ description: "whose content it has, if someone went back to it" }),
        coins: z.object({ fresh: z.int(), stale: z.int(), left: z.int().openapi({ description: "no longer in the universe" }) }),
      }),
    ),
    next: version.nullable().openapi({ description: "`before` of the next page; null: this is the last" }),
  })
  .openapi("ManifestList");

export function describeSummary(
  { version, previous, createdAt, asOf, interval, horizon, codeVersion, workflow, rollback, coins }: ManifestSummary,
  runUrl: (run: { readonly id: string; readonly runId: string }) => string | null,
): z.infer<typeof manifestList>["manifests"][number] {
  const count = (wanted: string) => [...coins.values()].filter(({ status }) => status === wanted).length;
  return {
    version,
    previous,
    created_at: createdAt,
    as_of: asOf,
    interval: interval as z.infer<typeof intervalSchema>,
    horizon,
    code_version: codeVersion,
    workflow: { id: workflow.id, run_id: workflow.runId, url: runUrl(workflow) },
    rollback_to: rollback?.to ?? null,
    coins: { fresh: count("fresh"), stale: count("stale"), left: count("left") },
  };
}
