import type { ImportProgress } from "../../workflows/contract.ts";
import { newRetryLines, retryLines } from "./retries.ts";
import type { ImportView } from "./run-view.ts";

/** An import's progress, for a terminal. */
export function importLines({ progress, beats, retries }: ImportView): string[] {
  if (!progress) return ["waiting for a worker"];
  return [
    countLine(progress),
    ...beats.filter(({ done, total }) => done < total).map(({ label, done, total }) => `  ${label}: ${done} of ${total} rows`),
    ...retryLines(retries).map((line) => `  ${line}`),
  ];
}

/** What has changed since the last view, as plain lines for a log. */
export function importChanges(before: ImportView | null, { progress, retries }: ImportView): string[] {
  const counted = progress && before?.progress?.done !== progress.done ? [countLine(progress)] : [];
  return [...counted, ...newRetryLines(before?.retries ?? [], retries)];
}

function countLine({ files, done, failed, added }: ImportProgress): string {
  return `${done} of ${files} files, ${added} candles added${failed > 0 ? `, ${failed} refused` : ""}`;
}
