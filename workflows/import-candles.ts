import { defineQuery, isCancellation, setCurrentDetails, setHandler, workflowInfo } from "@temporalio/workflow";
import type { ImportedFile } from "../activities/import/import-file.ts";
import { addCounts, NO_COUNTS } from "../core/vocabulary/ingest-counts.ts";
import { bounded } from "./bounded.ts";
import { type ImportInput, type ImportProgress, type ImportResult, PROGRESS_QUERY } from "./contract.ts";
import { rootFailure } from "./failures.ts";
import { checkImportInput } from "./inputs/import-input.ts";
import { describeRun, describeStage } from "./search-attributes.ts";
import { storeSteps } from "./steps.ts";

export const importProgressQuery = defineQuery<ImportProgress>(PROGRESS_QUERY);

/** Files at work at the same time: reading them keeps a core busy. */
const PARALLELISM = 2;
const MAX_LISTED = 100;
const LONG = { startToCloseTimeout: "12 hours" } as const;

/**
 * Imports files of candles by the rules that hold for sources. Each file is read completely before any of its candles is stored;
 * a damaged file is refused with its line and reason, and the others go on. It trains nothing.
 *
 * History: two steps a file, at most 300 files, so some 4,000 events.
 */
export async function importCandles(given: ImportInput): Promise<ImportResult> {
  const { files, ...hints } = checkImportInput(given);
  const startedAt = workflowInfo().startTime.toISOString();
  let progress: ImportProgress = { files: files.length, done: 0, failed: 0, added: 0 };
  setHandler(importProgressQuery, () => progress);
  describeRun(hints.symbol ? [hints.symbol] : [], "import");
  describeStage("import");
  const results = await bounded(files, PARALLELISM, async (file, index) => {
    const result = await importOne({ file, startedAt, filesAfter: files.length - 1 - index, ...hints });
    const { done, failed, added } = progress;
    progress = { ...progress, done: done + 1, failed: failed + (result.error ? 1 : 0), added: added + result.counts.added };
    return result;
  });
  const counts = results.reduce((sum, result) => addCounts(sum, result.counts), NO_COUNTS);
  const failed = results.filter(({ error }) => error !== null);
  describeStage(failed.length > 0 ? "failed" : "done");
  const good = results.filter(({ error }) => error === null);
  const summary = `${good.length} of ${files.length} files: ${counts.received} rows read, ${counts.added} candles added, ${counts.revised} revised.`;
  const warnings = good.flatMap(({ warning }) => (warning ? [warning] : []));
  const told = [...failed.map(({ error }) => error), ...warnings].slice(0, MAX_LISTED);
  setCurrentDetails([summary, "", ...told.map((reason) => `- ${reason}`)].join("\n"));
  return { summary, counts, failed: failed.length, files: [...failed, ...good].slice(0, MAX_LISTED) };
}

async function importOne(
  input: Omit<ImportInput, "files"> & { file: string; startedAt: string; filesAfter: number },
): Promise<ImportedFile> {
  const steps = storeSteps();
  try {
    const inspected = await steps.inspectFile.executeWithOptions({ summary: `${input.file}: inspect`, ...LONG }, [input]);
    return await steps.importFile.executeWithOptions({ summary: `${input.file}: store ${inspected.rows} rows`, ...LONG }, [inspected]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const reason = rootFailure(error).message.slice(0, 400);
    return { file: input.file, error: reason, warning: null, symbols: [], interval: null, counts: NO_COUNTS, rejectedRows: [] };
  }
}
