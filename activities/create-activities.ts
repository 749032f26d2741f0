import { planBackfill } from "./backfill/plan-backfill.ts";
import { readWindows } from "./backfill/read-windows.ts";
import { recordWindows } from "./backfill/record-windows.ts";
import type { ActivityDependencies } from "./dependencies.ts";
import { toApplicationFailure } from "./failures.ts";
import { type Run, withHeartbeat } from "./heartbeat.ts";
import { importFile } from "./import/import-file.ts";
import { inspectFile } from "./import/inspect-file.ts";
import { buildBatch } from "./ingest/build-batch.ts";
import { buildFeatures } from "./ingest/build-features.ts";
import { fetchBatch } from "./ingest/fetch-batch.ts";
import { fetchCandles } from "./ingest/fetch-candles.ts";
import { fetchPage } from "./ingest/fetch-page.ts";
import { planBatch } from "./ingest/plan-batch.ts";
import { planIngest } from "./ingest/plan-ingest.ts";
import { planRun } from "./plan/plan-run.ts";
import { planUniverse } from "./plan/plan-universe.ts";
import { rankCoins } from "./plan/rank-coins.ts";
import { storeList } from "./plan/store-list.ts";
import { publishManifest } from "./publish/publish-manifest.ts";
import { collectGarbage } from "./retention/collect-garbage.ts";
import { scoreForecasts } from "./score/score-forecasts.ts";
import { assessGroup } from "./train/assess-group.ts";
import { planTraining } from "./train/plan-training.ts";
import { trainModel } from "./train/train-model.ts";

/** The steps that workflows run, bound to their dependencies. Each is safe to run twice. */
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
    storeList: step(storeList),
    planBackfill: step(planBackfill),
    readWindows: step(readWindows),
    recordWindows: step(recordWindows),
    planIngest: step(planIngest),
    planBatch: step(planBatch),
    /** Only of runs that began before {@link fetchCandles}. */
    fetchPage: step(fetchPage),
    fetchCandles: step(fetchCandles),
    fetchBatch: step(fetchBatch),
    buildFeatures: step(buildFeatures),
    buildBatch: step(buildBatch),
    planTraining: step(planTraining),
    trainModel: step(trainModel),
    assessGroup: step(assessGroup),
    publishManifest: step(publishManifest),
    collectGarbage: step(collectGarbage),
    scoreForecasts: step(scoreForecasts),
    inspectFile: step(inspectFile),
    importFile: step(importFile),
  };
}

export type Activities = ReturnType<typeof createActivities>;
