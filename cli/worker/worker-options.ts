import type { WorkerOptions } from "@temporalio/worker";
import type { TaskQueue } from "../../activities/task-queues.ts";
import type { Settings } from "../../settings/settings.ts";

/** The version of this code as a deployment knows it. */
export interface DeploymentVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** @returns null for an unversioned worker, which takes any run: one without a build id */
export function deploymentVersion({
  workerBuildId: buildId,
  workerDeploymentName: deploymentName,
}: Pick<Settings, "workerBuildId" | "workerDeploymentName">): DeploymentVersion | null {
  return buildId === null ? null : { deploymentName, buildId };
}

/** Options of the worker for one task queue: what it runs, its limits, its version, how it stops. */
export function queueOptions(
  { name, hasWorkflows, activities, atOnce, perSecond }: TaskQueue,
  { version, code }: { readonly version: DeploymentVersion | null; readonly code: Pick<WorkerOptions, "workflowBundle"> },
): WorkerOptions {
  return {
    taskQueue: name,
    activities,
    shutdownGraceTime: "5 seconds",
    shutdownForceTime: "8 seconds",
    // By default heartbeats are held back for most of their timeout, and cancellations with them.
    maxHeartbeatThrottleInterval: "1 second",
    ...(hasWorkflows && { ...code, stickyQueueScheduleToStartTimeout: "2 seconds" }),
    ...(atOnce !== undefined && { maxConcurrentActivityTaskExecutions: atOnce }),
    ...(perSecond !== undefined && { maxTaskQueueActivitiesPerSecond: perSecond }),
    // A run ends on the version that it started with; a backfill moves to the newest when it continues as new.
    ...(version && { workerDeploymentOptions: { useWorkerVersioning: true, version, defaultVersioningBehavior: "PINNED" as const } }),
  };
}
