import {
  defineQuery,
  defineSignal,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import type { RunPlan } from "../activities/plan/plan-run.ts";
import type { TrainedGroup } from "../activities/publish/publish-manifest.ts";
import type { TrainingGroup } from "../activities/train/plan-training.ts";
import type { TrainedModel } from "../activities/train/train-model.ts";
import { type FailedTrainings, trainingFailure } from "../core/evaluation/group-key.ts";
import type { Universe } from "../core/universe/universe.ts";
import { isStored, MOST_LISTED } from "../core/vocabulary/listed.ts";
import { ALGORITHMS } from "../core/vocabulary/model-names.ts";
import { bounded } from "./bounded.ts";
import { type PipelineInput, type PipelineProgress, type PipelineResult, PROGRESS_QUERY, type Scoring } from "./contract.ts";
import { rootFailure } from "./failures.ts";
import { ingestAlone } from "./ingest-alone.ts";
import { type Ingested, ingestBatches } from "./ingest-batches.ts";
import { checkPipelineInput } from "./inputs/pipeline-input.ts";
import { pipelinePage, pipelineSummary, universeText } from "./pipeline-page.ts";
import { ProgressBoard, trainingLabel } from "./progress-board.ts";
import { score } from "./score.ts";
import { describeDecisions, describeRun, describeStage } from "./search-attributes.ts";
import { settleUniverse } from "./settle-universe.ts";
import { cpuSteps, storeSteps } from "./steps.ts";
import { afterTraining, briefOf, briefResult } from "./symbol-outcome.ts";
import { SYMBOL_UPDATE_SIGNAL, SYMBOL_UPDATES_SIGNAL, type SymbolUpdate } from "./symbol-update.ts";

export const progressQuery = defineQuery<PipelineProgress>(PROGRESS_QUERY);
export const symbolUpdateSignal = defineSignal<[SymbolUpdate]>(SYMBOL_UPDATE_SIGNAL);
export const symbolUpdatesSignal = defineSignal<[readonly SymbolUpdate[]]>(SYMBOL_UPDATES_SIGNAL);

/** Runs of before had a child for each coin. */
const BATCHES = "batches";
/** Runs of before ended with the manifest. */
const SCORES_FORECASTS = "scores-forecasts";

/** A scoring that takes longer is left to the next run. */
const SCORING_TIMEOUT = "2 hours";

/**
 * One run: candles and features of every symbol, then models, then a manifest; at last, earlier forecasts whose candles have
 * closed are scored.
 *
 * A symbol that fails doesn't fail the others: the manifest keeps its former entry, marked stale, with the reason.
 * Coins of the newest manifest that left the universe of the settings are marked stale. Symbols whose features the newest
 * manifest was trained on already are not trained again.
 *
 * History: some 10 events for each batch of 25 symbols, and 30 for each training group. What grows with the symbols goes by reference.
 */
export async function pipeline(given?: PipelineInput): Promise<PipelineResult> {
  const input = checkPipelineInput(given);
  const { startTime, workflowId, runId } = workflowInfo();
  const startedMs = Date.now();
  const progress = new ProgressBoard(startTime.toISOString());
  setHandler(progressQuery, () => progress.view());
  setHandler(symbolUpdateSignal, (update) => progress.update(update));
  setHandler(symbolUpdatesSignal, (updates) => {
    for (const update of updates) progress.update(update);
  });

  const store = storeSteps();
  const { symbols, universe } = await settleUniverse(input, workflowInfo().taskQueue);
  const plan: RunPlan = await store.planRun.executeWithOptions({ summary: "what this run will do" }, [
    { ...input, symbols, asOf: input.asOf ?? scheduledTime().toISOString() },
  ]);
  describeRun(
    plan.symbols.map(({ symbol }) => symbol),
    input.trigger ?? "manual",
  );

  describeStage("ingest");
  setCurrentDetails(beginning(plan, universe));
  progress.beginIngest(plan.symbols);
  const { coins, outcomes } = patched(BATCHES) ? await ingestBatches(plan, progress) : await ingestEach(plan, progress);
  const ingestedMs = Date.now();

  describeStage("training");
  progress.phase = "training";
  const { trained, failedTrainings } = await trainAll(plan, outcomes, progress);
  const trainedMs = Date.now();

  describeStage("publish");
  progress.phase = "publish";
  const settled = isStored(outcomes) ? outcomes : outcomes.map((outcome) => afterTraining(outcome, failedTrainings));
  const published = await store.publishManifest.executeWithOptions({ summary: "publish the manifest" }, [
    {
      asOf: plan.asOf,
      createdAt: startTime.toISOString(),
      interval: plan.interval,
      horizon: plan.horizon,
      workflow: { id: workflowId, runId },
      ...(isStored(settled)
        ? { symbols: settled, failedTrainings }
        : { symbols: settled.map(({ result: { symbol, error }, snapshot }) => ({ symbol, error, snapshot })) }),
      groups: trained,
      universe,
    },
  ]);
  const publishedMs = Date.now();
  progress.manifest = published.manifest?.version ?? null;
  const stage = published.manifest === null ? "failed" : "done";
  describeStage(stage);
  const failed = coins.flatMap((coin) => {
    const error = coin.error ?? trainingFailure(coin.symbol, failedTrainings);
    return error === null ? [] : [{ ...coin, error }];
  });
  describeDecisions(
    published.decisions,
    failed.map(({ symbol }) => symbol),
  );
  const results = isStored(settled) ? failed.slice(0, MOST_LISTED).map(briefResult) : settled.map(({ result }) => result);
  const ready = isStored(settled) ? { ready: coins.length - failed.length } : {};
  const outcome = { summary: published.summary, universe, results, ...ready, decisions: published.decisions, manifest: progress.manifest };
  setCurrentDetails(pipelinePage(outcome));
  const scoring = patched(SCORES_FORECASTS) ? await scoreEarlier(progress) : undefined;
  if (scoring) {
    describeStage(stage);
    setCurrentDetails(pipelinePage({ ...outcome, scoring }));
  }
  progress.phase = "done";
  return {
    manifest: published.manifest,
    summary: pipelineSummary(published.summary, { failed, coins: coins.length }, scoring?.error),
    asOf: plan.asOf,
    symbols: results,
    ...(isStored(settled) && { allSymbols: { outcomes: settled, failedTrainings } }),
    universe,
    ...(scoring && { scoring }),
    seconds: {
      ingest: (ingestedMs - startedMs) / 1000,
      training: (trainedMs - ingestedMs) / 1000,
      publish: (publishedMs - trainedMs) / 1000,
      total: (Date.now() - startedMs) / 1000,
    },
  };
}

function beginning({ symbols, interval, horizon, scope, asOf }: RunPlan, universe: Universe | null): string {
  const what = `Learns from ${symbols.length} symbols, ${interval} candles closed by ${asOf}, ${horizon} ahead, scope ${scope}.`;
  return universe ? `${what}\n\n${universeText(universe)}` : what;
}

/** Scores earlier forecasts, by the candles that this run has fetched, too. The run goes well even if that fails. */
async function scoreEarlier(progress: ProgressBoard): Promise<Scoring> {
  const { workflowId, memo } = workflowInfo();
  describeStage("scoring");
  progress.phase = "scoring";
  try {
    const result = await executeChild(score, {
      workflowId: `${workflowId}/score`,
      ...(memo && { memo }),
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      workflowExecutionTimeout: SCORING_TIMEOUT,
      staticSummary: "earlier forecasts whose candles have closed",
      args: [{}],
    });
    return { error: null, result };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { error: `Earlier forecasts were not scored: ${rootFailure(error).message}`, result: null };
  }
}

/** The time for which a schedule started this run, or when it started. */
function scheduledTime(): Date {
  const { searchAttributes, startTime } = workflowInfo();
  const scheduled = searchAttributes.TemporalScheduledStartTime?.[0];
  return scheduled instanceof Date ? scheduled : startTime;
}

/** As runs of before did: a child for each coin. */
async function ingestEach(plan: RunPlan, progress: ProgressBoard): Promise<Ingested> {
  const { symbols, parallelism, interval, asOf } = plan;
  const { workflowId } = workflowInfo();
  const outcomes = await bounded(symbols, parallelism, async (coin) => {
    progress.begin(`${workflowId}/${coin.symbol}`, [coin]);
    const outcome = await ingestAlone({ workflowId }, { ...coin, interval, asOf });
    progress.end(`${workflowId}/${coin.symbol}`, [briefOf(outcome)]);
    return outcome;
  });
  return { coins: outcomes.map(briefOf), outcomes };
}

/** Trains every group whose data are new, with all algorithms of all groups at the same time. */
async function trainAll(
  plan: RunPlan,
  outcomes: Ingested["outcomes"],
  progress: ProgressBoard,
): Promise<{ trained: TrainedGroup[]; failedTrainings: FailedTrainings }> {
  const members = isStored(outcomes)
    ? outcomes
    : outcomes.flatMap(({ result, snapshot }) => (snapshot ? [{ symbol: result.symbol, snapshot }] : []));
  const failedTrainings: Record<string, string> = {};
  if (members.length === 0) return { trained: [], failedTrainings };
  const { groups } = await storeSteps().planTraining.executeWithOptions({ summary: "which models need training" }, [
    { members, scope: plan.scope, horizon: plan.horizon },
  ]);
  progress.beginTraining(groups);
  const trained = await Promise.all(
    groups
      .filter(({ reused }) => !reused)
      .map(async (group) => {
        try {
          return await trainGroup(plan, group, progress);
        } catch (error) {
          if (isCancellation(error)) throw error;
          failedTrainings[group.key] = `training of ${group.key} failed: ${rootFailure(error).message}`;
          return null;
        }
      }),
  );
  return { trained: trained.filter((group) => group !== null), failedTrainings };
}

async function trainGroup(plan: RunPlan, group: TrainingGroup, progress: ProgressBoard): Promise<TrainedGroup> {
  const cpu = cpuSteps(workflowInfo().taskQueue);
  const task = { group, horizon: plan.horizon };
  const models: TrainedModel[] = await Promise.all(
    ALGORITHMS.map(async (algorithm) => {
      progress.training(group, algorithm, "running");
      try {
        const model = await cpu.trainModel.executeWithOptions({ summary: trainingLabel(group, algorithm) }, [{ ...task, algorithm }]);
        progress.training(group, algorithm, "done");
        return model;
      } catch (error) {
        progress.training(group, algorithm, "failed");
        throw error;
      }
    }),
  );
  const assessed = await cpu.assessGroup.executeWithOptions({ summary: `${group.key}: metrics, skill and roles` }, [{ ...task, models }]);
  return {
    key: group.key,
    scope: group.scope,
    digest: group.digest,
    symbols: isStored(group.members) ? group.members : group.members.map(({ symbol }) => symbol),
    models,
    ...assessed,
  };
}
