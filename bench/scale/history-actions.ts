import type { temporal } from "@temporalio/proto";

export type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/**
 * Actions by what they are, as Temporal Cloud counts them; see https://docs.temporal.io/evaluate/cloud/actions (read in
 * November 2026). Heartbeats and queries stand in no history: `server-actions.ts` has them.
 */
export interface HistoryActions {
  /** started by a client, or continued as new */
  readonly starts: number;
  /** two for each child: the intent to start it, and the start */
  readonly children: number;
  readonly activities: number;
  readonly retries: number;
  readonly signals: number;
  readonly timers: number;
  readonly searchAttributes: number;
  /** one for all markers of a workflow task */
  readonly markers: number;
  readonly updates: number;
}

export const NO_ACTIONS: HistoryActions = {
  starts: 0,
  children: 0,
  activities: 0,
  retries: 0,
  signals: 0,
  timers: 0,
  searchAttributes: 0,
  markers: 0,
  updates: 0,
};

/** Kept by the server for versioned workflows; setting it alone is no action. */
const VERSION_ATTRIBUTE = "TemporalChangeVersion";

/** The actions of one execution's history. */
export function countActions(events: readonly HistoryEvent[]): HistoryActions {
  const count = { ...NO_ACTIONS };
  const tasksWithMarkers = new Set<string>();
  for (const event of events) {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started && (!started.parentWorkflowExecution || started.continuedExecutionRunId)) count.starts++;
    if (event.startChildWorkflowExecutionInitiatedEventAttributes) count.children += 2;
    if (event.activityTaskScheduledEventAttributes) count.activities++;
    // Attempts before the last one leave no event of their own.
    if (event.activityTaskStartedEventAttributes) count.retries += Math.max(0, (event.activityTaskStartedEventAttributes.attempt ?? 1) - 1);
    if (event.workflowExecutionSignaledEventAttributes) count.signals++;
    if (event.timerStartedEventAttributes) count.timers++;
    const upserted = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
    if (upserted && Object.keys(upserted).some((name) => name !== VERSION_ATTRIBUTE)) count.searchAttributes++;
    const marker = event.markerRecordedEventAttributes;
    if (marker) tasksWithMarkers.add(String(marker.workflowTaskCompletedEventId));
    if (event.workflowExecutionUpdateAcceptedEventAttributes) count.updates++;
  }
  return { ...count, markers: tasksWithMarkers.size };
}

export function addActions(a: HistoryActions, b: HistoryActions): HistoryActions {
  return Object.fromEntries(
    Object.keys(NO_ACTIONS).map((kind) => [kind, sumOf(a, b, kind as keyof HistoryActions)]),
  ) as unknown as HistoryActions;
}

export function totalActions(actions: HistoryActions): number {
  return Object.values(actions).reduce((sum, n) => sum + n, 0);
}

function sumOf(a: HistoryActions, b: HistoryActions, kind: keyof HistoryActions): number {
  return a[kind] + b[kind];
}
