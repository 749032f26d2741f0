import { type Client, ScheduleAlreadyRunning, ScheduleNotFoundError, ScheduleOverlapPolicy } from "@temporalio/client";
import type { Settings } from "../../settings/settings.ts";
import { SCHEDULE_ID, WORKFLOW_TYPES } from "../../workflows/contract.ts";
import { RUN_DETAILS } from "./run-pipeline.ts";
import { runMemo } from "./task-queue.ts";

export interface ScheduleView {
  readonly id: string;
  readonly cron: readonly string[];
  readonly paused: boolean;
  readonly note: string | null;
  /** ISO 8601 */
  readonly next: string | null;
  /** Runs that were due and not started. */
  readonly skipped: {
    /** because the one before was still running */
    readonly overlap: number;
    /** because the server was down for more than a day */
    readonly missed: number;
  };
  readonly recent: readonly { readonly scheduledAt: string; readonly workflowId: string }[];
}

/**
 * The schedule according to the settings. After an outage of less than a day the server starts one run, not one for each
 * missed time: a run uses every candle that has closed by then anyway.
 */
function wanted(settings: Settings) {
  return {
    // The server stores calendars only, with the text after # as their comment: so the cron expression can be shown again.
    spec: { cronExpressions: [`${settings.schedule} # ${settings.schedule}`] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: "1 day" as const },
    action: {
      type: "startWorkflow" as const,
      workflowType: WORKFLOW_TYPES.pipeline,
      workflowId: "pipeline-scheduled",
      taskQueue: settings.taskQueue,
      args: [{ trigger: "schedule" }],
      memo: runMemo(settings),
      staticSummary: "all symbols (schedule)",
      staticDetails: RUN_DETAILS,
    },
  };
}

/** Creates the daily schedule, or updates it to the settings. A paused schedule stays paused. */
export async function putSchedule(client: Client, settings: Settings): Promise<"created" | "updated"> {
  const { spec, policies, action } = wanted(settings);
  try {
    await client.schedule.create({ scheduleId: SCHEDULE_ID, spec, policies, action });
    return "created";
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(SCHEDULE_ID).update(({ state }) => ({ spec, policies, action, state }));
    return "updated";
  }
}

/** @returns null if there is no schedule */
export async function viewSchedule(client: Client): Promise<ScheduleView | null> {
  try {
    const { spec, state, info } = await client.schedule.getHandle(SCHEDULE_ID).describe();
    return {
      id: SCHEDULE_ID,
      cron: (spec.calendars ?? []).flatMap(({ comment }) => (comment ? [comment] : [])),
      paused: state.paused,
      note: state.note || null,
      next: state.paused ? null : (info.nextActionTimes[0]?.toISOString() ?? null),
      skipped: { overlap: info.numActionsSkippedOverlap, missed: info.numActionsMissedCatchupWindow },
      recent: info.recentActions
        .map(({ scheduledAt, action }) => ({ scheduledAt: scheduledAt.toISOString(), workflowId: action.workflow.workflowId }))
        .reverse(),
    };
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}
