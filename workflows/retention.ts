import { setCurrentDetails } from "@temporalio/workflow";
import type { RetentionInput, RetentionResult } from "./contract.ts";
import { describeRun, describeStage } from "./search-attributes.ts";
import { storeSteps } from "./steps.ts";

/**
 * Counts what no retained manifest names, and deletes it where the input says so. Safe beside runs that publish.
 *
 * History: one step.
 */
export async function retention(input: RetentionInput = {}): Promise<RetentionResult> {
  describeRun([], "retention");
  describeStage("retention");
  const summary = input.delete ? "delete what no retained manifest names" : "count what no retained manifest names";
  const result = await storeSteps().collectGarbage.executeWithOptions({ summary, startToCloseTimeout: "6 hours" }, [input]);
  const rows = Object.entries(result.byKind).map(([kind, { objects, bytes }]) => `| ${kind} | ${objects} | ${bytes} |`);
  setCurrentDetails([result.summary, "", "| unnamed | objects | bytes |", "|---|---|---|", ...rows].join("\n"));
  describeStage("done");
  return result;
}
