import type { ActivityDependencies } from "../../activities/dependencies.ts";
import type { Run } from "../../activities/heartbeat.ts";
import { importFile, inspectFile } from "../../activities/import/import-file.ts";
import type { ObjectStore } from "../../storage/object-store/object-store.ts";
import type { ImportedFile, ImportInput, StepHeartbeat } from "../../workflows/contract.ts";

export const IMPORT_CLOCK = Date.parse("2026-01-01T00:00:00Z");

/** One run of a step without a server: what it reports is kept, and can be handed to the next one. */
export function stepRun(lastReport: StepHeartbeat | null = null): Run & { readonly reports: StepHeartbeat[] } {
  const reports: StepHeartbeat[] = [];
  return { attempt: lastReport ? 2 : 1, signal: new AbortController().signal, lastReport, report: (step) => reports.push(step), reports };
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
