import type { IngestSymbolInput } from "../../workflows/ingest-symbol.ts";
import { describeRun, describeStage } from "../../workflows/search-attributes.ts";
import { storeSteps } from "../../workflows/steps.ts";

/** How `ingestSymbol` would begin if somebody had swapped two of its steps: features first, then missing candles. */
export async function ingestSymbol({ symbol, interval, asOf }: IngestSymbolInput): Promise<void> {
  describeRun([symbol], "pipeline");
  describeStage("ingest");
  await storeSteps().buildFeatures({ symbol, interval, asOf, source: "simulated" });
  await storeSteps().planIngest({ symbol, interval, asOf, source: "simulated" });
}
