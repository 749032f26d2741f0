import type { ActivityDependencies } from "../../activities/dependencies.ts";
import type { Run } from "../../activities/heartbeat.ts";
import { importFile } from "../../activities/import/import-file.ts";
import { inspectFile } from "../../activities/import/inspect-file.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import type { ImportedFile, ImportInput, StepHeartbeat } from "../../workflows/contract.ts";

export const IMPORT_CLOCK = Date.parse("2026-01-01T00:00:00Z");

/** One run of a step without a server: its heartbeats are kept, and can be handed to the next attempt. */
export function stepRun(lastProgress: StepHeartbeat | null = null): Run & { readonly beats: StepHeartbeat[] } {
  const beats: StepHeartbeat[] = [];
  const { signal } = new AbortController();
  return { attempt: lastProgress ? 2 : 1, attempts: 8, signal, lastProgress, progress: (step) => beats.push(step), beats };
}

export function importDependencies(store: ObjectStore): ActivityDependencies {
  return { store, now: () => IMPORT_CLOCK } as ActivityDependencies;
}

/** Both readings of a file, as the workflow has them done. */
export async function importInto(store: ObjectStore, file: string, hints: Omit<ImportInput, "files"> = {}): Promise<ImportedFile> {
  const deps = importDependencies(store);
  const inspected = await inspectFile(deps, { file, startedAt: new Date(IMPORT_CLOCK).toISOString(), ...hints });
  return importFile(deps, inspected, stepRun());
}
