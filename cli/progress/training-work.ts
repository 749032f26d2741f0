import type { PipelineProgress, StepHeartbeat } from "../../workflows/contract.ts";

/** Fits done and in total, over all trainings of this run; null until a training has reported its number of fits. */
export function trainingWork(
  trainings: PipelineProgress["trainings"],
  beats: readonly StepHeartbeat[],
): { done: number; total: number } | null {
  const own = trainings.filter(({ status }) => status !== "reused");
  const known = beats.find(({ total }) => total > 0)?.total;
  if (own.length === 0 || known === undefined) return null;
  const work = own.map(({ label, status }) => {
    const beat = beats.find((candidate) => candidate.label === label);
    const total = beat?.total ?? known;
    return { total, done: status === "done" || status === "failed" ? total : (beat?.done ?? 0) };
  });
  return { done: work.reduce((sum, { done }) => sum + done, 0), total: work.reduce((sum, { total }) => sum + total, 0) };
}
