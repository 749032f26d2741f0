import { readdirSync, readFileSync } from "node:fs";
import type { Client } from "@temporalio/client";

/** An event of a workflow's history, as far as it is looked at here. */
interface HistoryEvent {
  readonly type: string;
  readonly timeMs: number;
  /** Of steps: the name. */
  readonly step: string | null;
  /** Of an event that starts a child: its workflow id. */
  readonly child: string | null;
  /** Of an event that ends or starts something: the event that scheduled it. */
  readonly scheduledBy: number | null;
  readonly id: number;
}

export type RunHistory = readonly HistoryEvent[];

/** The history of a workflow's newest execution. */
export async function readHistory(client: Client, workflowId: string): Promise<RunHistory> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).map((event) => ({
    id: Number(event.eventId),
    timeMs: 1_000 * Number(event.eventTime?.seconds) + Number(event.eventTime?.nanos) / 1e6,
    type: kindOf(event),
    step: event.activityTaskScheduledEventAttributes?.activityType?.name ?? null,
    child: event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? null,
    scheduledBy: scheduledBy(event),
  }));
}

/** The histories of the children that a run started, and of theirs. */
export async function readChildren(client: Client, run: RunHistory): Promise<RunHistory[]> {
  const found: RunHistory[] = [];
  for (const { child } of run) {
    if (child === null) continue;
    const history = await readHistory(client, child);
    found.push(history, ...(await readChildren(client, history)));
  }
  return found;
}

function kindOf(event: object): string {
  const name = Object.entries(event).find(([key, value]) => key.endsWith("EventAttributes") && value)?.[0] ?? "";
  return name.replace(/EventAttributes$/, "");
}

type Attributes = { readonly scheduledEventId?: unknown; readonly startedEventId?: unknown } | null | undefined;

function scheduledBy(event: {
  activityTaskStartedEventAttributes?: Attributes;
  activityTaskCompletedEventAttributes?: Attributes;
  timerFiredEventAttributes?: Attributes;
}): number | null {
  const ended = event.activityTaskStartedEventAttributes ?? event.activityTaskCompletedEventAttributes;
  if (ended) return Number(ended.scheduledEventId);
  return event.timerFiredEventAttributes ? Number(event.timerFiredEventAttributes.startedEventId) : null;
}

export function workflowTasks(history: RunHistory): number {
  return history.filter(({ type }) => type === "workflowTaskCompleted").length;
}

/** From the first event of all to the last one of a coin that ended, or of any. */
export function spanOf(histories: readonly RunHistory[]): { readonly fromMs: number; readonly toMs: number } {
  const [run, ...coins] = histories;
  return { fromMs: run[0].timeMs, toMs: Math.max(...coins.map((history) => history[history.length - 1].timeMs)) };
}

/** Seconds that workflows waited for timers. */
export function timerSeconds(histories: readonly RunHistory[]): number {
  const ms = histories.flatMap((history) =>
    history.flatMap(({ type, scheduledBy, timeMs }) =>
      type === "timerFired" ? [timeMs - (history.find(({ id }) => id === scheduledBy)?.timeMs ?? timeMs)] : [],
    ),
  );
  return ms.reduce((sum, n) => sum + n, 0) / 1_000;
}

/** Each kind of step: how many, and how long they lay in their queue and were at work in the median and the mean, in ms. */
export function stepTable(histories: readonly RunHistory[]): string {
  const steps = new Map<string, { readonly queued: number[]; readonly worked: number[] }>();
  const add = (step: string, queued: number, worked: number) => {
    const entry = steps.get(step) ?? { queued: [], worked: [] };
    entry.queued.push(queued);
    entry.worked.push(worked);
    steps.set(step, entry);
  };
  for (const history of histories) {
    const byId = new Map(history.map((event) => [event.id, event]));
    const started = new Map(history.flatMap((event) => (event.type === "activityTaskStarted" ? [[event.scheduledBy, event.timeMs]] : [])));
    for (const event of history) {
      if (event.type !== "activityTaskCompleted") continue;
      const scheduled = byId.get(event.scheduledBy ?? -1);
      const startedMs = started.get(event.scheduledBy) ?? event.timeMs;
      if (scheduled) add(scheduled.step ?? "", startedMs - scheduled.timeMs, event.timeMs - startedMs);
    }
    let scheduledMs = 0;
    let startedMs = 0;
    for (const { type, timeMs } of history) {
      if (type === "workflowTaskScheduled") scheduledMs = timeMs;
      if (type === "workflowTaskStarted") startedMs = timeMs;
      if (type === "workflowTaskCompleted") add("workflow task", startedMs - scheduledMs, timeMs - startedMs);
    }
  }
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];
  const mean = (values: readonly number[]) => values.reduce((sum, n) => sum + n, 0) / values.length;
  return [
    "| step | times | queued, median | mean | at work, median | mean |",
    "|---|---|---|---|---|---|",
    ...[...steps].map(
      ([step, { queued, worked }]) =>
        `| ${step} | ${queued.length} | ${[median(queued), mean(queued), median(worked), mean(worked)].map((ms) => ms.toFixed(0)).join(" | ")} |`,
    ),
  ].join("\n");
}

/** CPU time in seconds: of this process, and of it with its children that run. On a busy machine it says more than the clock. */
export interface CpuSeconds {
  readonly own: number;
  /** NaN where the system does not tell */
  readonly all: number;
}

export function cpuSeconds(): CpuSeconds {
  const { user, system } = process.cpuUsage();
  const own = (user + system) / 1e6;
  try {
    const children = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(statOf)
      .filter((stat) => Number(stat[1]) === process.pid)
      .map((stat) => (Number(stat[11]) + Number(stat[12])) / 100);
    return { own, all: own + children.reduce((sum, seconds) => sum + seconds, 0) };
  } catch {
    return { own, all: Number.NaN };
  }
}

/** Fields of a process from its state on; see proc_pid_stat(5). */
function statOf(pid: string): string[] {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "utf8");
    return line.slice(line.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}
