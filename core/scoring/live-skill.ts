import type { Interval } from "../vocabulary/interval.ts";
import type { BaselineName, ModelName, Scope, Task } from "../vocabulary/model-names.ts";
import { currentScorings } from "./current-scorings.ts";
import type { Outcome } from "./outcome.ts";

/** What was served for a task, by whichever model or baseline. */
export const SERVED = "served";

/** How forecasts that were published before their target closed came out. */
export interface LiveSkill {
  readonly interval: Interval;
  /** candles ahead */
  readonly horizon: number;
  readonly task: Task;
  readonly model: ModelName | BaselineName | typeof SERVED;
  /** null for baselines, and for what was served */
  readonly scope: Scope | null;
  /** Scored forecasts, each of another target candle or coin. */
  readonly n: number;
  /** RMSE of log returns, or the Brier score; null where n is 0 */
  readonly loss: number | null;
  /** the same of the baseline: no change, or the class prior as it was */
  readonly baselineLoss: number | null;
  /** 1 − loss / baseline's loss; null where n is 0 or the baseline's loss is */
  readonly skill: number | null;
  /** Forecasts that had an interval. */
  readonly intervals: number;
  /** Share of them whose target closed within it; null where there are none. */
  readonly coverage: number | null;
  /** Mean of the coverage that their intervals were to have; null where there are none. */
  readonly nominalCoverage: number | null;
  /** When the first and the last of the n target candles opened, ms UTC; null where n is 0. */
  readonly firstTarget: number | null;
  readonly lastTarget: number | null;
}

/**
 * Live skill and coverage per interval, horizon, task and model, and of what was served, in the order of their first rows.
 *
 * Of each forecast the last scoring counts. Of each coin, target candle and model one forecast counts: the first that gave a
 * number. It is the one that could be acted on the longest, and no later run can replace it by a luckier one. A forecast that was
 * published when its target had closed already does not count.
 */
export function liveSkill(outcomes: readonly Outcome[]): LiveSkill[] {
  const live = currentScorings(outcomes).filter(
    ({ withheldReasons, publishedAt, targetCloseTime }) => withheldReasons === null && publishedAt < targetCloseTime,
  );
  const subjects = live.flatMap((outcome) => [
    { outcome, model: outcome.model, scope: outcome.scope },
    ...(outcome.served ? [{ outcome, model: SERVED as typeof SERVED, scope: null }] : []),
  ]);
  const nameOf = ({ outcome: { interval, horizon, task }, model, scope }: Subject) => [interval, horizon, task, model, scope].join(" ");
  return [...Map.groupBy(subjects, nameOf).values()].map(skillOf);
}

interface Subject extends Pick<LiveSkill, "model" | "scope"> {
  readonly outcome: Outcome;
}

function skillOf(subjects: readonly Subject[]): LiveSkill {
  const [{ outcome, model, scope }] = subjects;
  const { interval, horizon, task } = outcome;
  const rows = firstOfEachTarget(subjects.map((subject) => subject.outcome));
  const losses = rows.flatMap((row) => lossOf(row) ?? []);
  const loss = meanLoss(
    losses.map(({ own }) => own),
    task,
  );
  const baselineLoss = meanLoss(
    losses.map(({ baseline }) => baseline),
    task,
  );
  const bounded = losses.filter(({ row }) => row.withinInterval !== null).map(({ row }) => row);
  const targets = losses.map(({ row }) => row.targetOpenTime);
  return {
    interval,
    horizon,
    task,
    model,
    scope,
    n: losses.length,
    loss,
    baselineLoss,
    skill: loss === null || baselineLoss === null || baselineLoss === 0 ? null : 1 - loss / baselineLoss,
    intervals: bounded.length,
    coverage: mean(bounded.map(({ withinInterval }) => Number(withinInterval))),
    nominalCoverage: mean(bounded.flatMap(({ coverage }) => coverage ?? [])),
    firstTarget: targets.length === 0 ? null : targets.reduce((a, b) => Math.min(a, b)),
    lastTarget: targets.length === 0 ? null : targets.reduce((a, b) => Math.max(a, b)),
  };
}

/** Of several forecasts for the same candle of a coin, the one that was published first. */
function firstOfEachTarget(rows: readonly Outcome[]): Outcome[] {
  const first = new Map<string, Outcome>();
  for (const row of rows) {
    const target = `${row.symbol} ${row.targetOpenTime}`;
    const known = first.get(target);
    if (!known || isEarlier(row, known)) first.set(target, row);
  }
  return [...first.values()];
}

function isEarlier(a: Outcome, b: Outcome): boolean {
  return a.publishedAt < b.publishedAt || (a.publishedAt === b.publishedAt && a.manifest < b.manifest);
}

function lossOf(row: Outcome): { readonly row: Outcome; readonly own: number; readonly baseline: number } | null {
  const [own, baseline] = row.task === "regression" ? [row.squaredError, row.baselineSquaredError] : [row.brier, row.baselineBrier];
  return own === null || baseline === null ? null : { row, own, baseline };
}

function meanLoss(losses: readonly number[], task: Task): number | null {
  const value = mean(losses);
  return value === null || task === "classification" ? value : Math.sqrt(value);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
