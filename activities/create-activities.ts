import { assessGroup } from "./assess-group.ts";
import { buildFeatures } from "./build-features.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { ActivityDependencies } from "./dependencies.ts";
import { toApplicationFailure } from "./failures.ts";
import { fetchPage } from "./fetch-page.ts";
import { type Run, withHeartbeat } from "./heartbeat.ts";
import { importFile, inspectFile } from "./import-file.ts";
import { planBackfill, readWindows } from "./plan-backfill.ts";
import { planIngest } from "./plan-ingest.ts";
import { planRun } from "./plan-run.ts";
import { planTraining } from "./plan-training.ts";
import { planUniverse } from "./plan-universe.ts";
import { publishManifest } from "./publish-manifest.ts";
import { rankCoins } from "./rank-coins.ts";
import { recordWindows } from "./record-windows.ts";
import { trainModel } from "./train-model.ts";

/** The steps that workflows run, bound to what they work with. Each is safe to run twice. */
export function createActivities(deps: ActivityDependencies) {
  const step =
    <I, O>(work: (deps: ActivityDependencies, input: I, run: Run) => Promise<O>) =>
    async (input: I): Promise<O> => {
      try {
        return await withHeartbeat((run) => work(deps, input, run));
      } catch (error) {
        throw toApplicationFailure(error);
      }
    };
  return {
    planUniverse: step(planUniverse),
    rankCoins: step(rankCoins),
    planRun: step(planRun),
    planBackfill: step(planBackfill),
    readWindows: step(readWindows),
    recordWindows: step(recordWindows),
    planIngest: step(planIngest),
    fetchPage: step(fetchPage),
    buildFeatures: step(buildFeatures),
    planTraining: step(planTraining),
    trainModel: step(trainModel),
    assessGroup: step(assessGroup),
    publishManifest: step(publishManifest),
    collectGarbage: step(collectGarbage),
    inspectFile: step(inspectFile),
    importFile: step(importFile),
  };
}

export type Activities = ReturnType<typeof createActivities>;
