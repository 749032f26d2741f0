import type { IngestSymbolInput } from "../../workflows/plan.ts";
import { describeRun, describeStage } from "../../workflows/search-attributes.ts";
import { storeSteps } from "../../workflows/steps.ts";

/** How `ingestSymbol` would begin if somebody had swapped two of its steps: features first, then what is missing. */
export async function ingestSymbol({ symbol, interval, asOf, simulated }: IngestSymbolInput): Promise<void> {
  describeRun([symbol], "pipeline");
  describeStage("ingest");
  await storeSteps().buildFeatures({ symbol, interval, asOf, source: "simulated", simulated });
  await storeSteps().planIngest({ symbol, interval, asOf, source: "simulated" });
}
