import { defineSearchAttributeKey, SearchAttributeType } from "@temporalio/common";
import { upsertSearchAttributes } from "@temporalio/workflow";

const SYMBOL = defineSearchAttributeKey("CandlecastSymbol", SearchAttributeType.KEYWORD_LIST);
const STAGE = defineSearchAttributeKey("CandlecastStage", SearchAttributeType.KEYWORD);
const TRIGGER = defineSearchAttributeKey("CandlecastTrigger", SearchAttributeType.KEYWORD);

/** Makes a run findable by symbol and by what set it off. At most 100 symbols are listed. */
export function describeRun(symbols: readonly string[], trigger: string): void {
  upsertSearchAttributes([
    { key: SYMBOL, value: symbols.slice(0, 100) },
    { key: TRIGGER, value: trigger },
  ]);
}

/** Makes a run findable by the stage that it is in. */
export function describeStage(stage: string): void {
  upsertSearchAttributes([{ key: STAGE, value: stage }]);
}
