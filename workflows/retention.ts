import { setCurrentDetails } from "@temporalio/workflow";
import type { RetentionResult } from "../activities/retention/collect-garbage.ts";
import type { RetentionInput } from "./contract.ts";
import { checkRetentionInput } from "./inputs/retention-input.ts";
import { describeRun, describeStage } from "./search-attributes.ts";
import { storeSteps } from "./steps.ts";

/**
 * Counts the objects that no retained manifest names, and deletes them if the input says so. Safe while runs publish.
 *
 * History: one step.
 */
export async function retention(given?: RetentionInput): Promise<RetentionResult> {
  const input = checkRetentionInput(given);
  describeRun([], "retention");
  describeStage("retention");
  const summary = `${input.delete ? "delete" : "count"} the objects that no retained manifest names`;
  const result = await storeSteps().collectGarbage.executeWithOptions({ summary, startToCloseTimeout: "6 hours" }, [input]);
  const rows = Object.entries(result.byKind).map(([kind, { objects, bytes }]) => `| ${kind} | ${objects} | ${bytes} |`);
  setCurrentDetails([result.summary, "", "| unnamed | objects | bytes |", "|---|---|---|", ...rows].join("\n"));
  describeStage("done");
  return result;
}
