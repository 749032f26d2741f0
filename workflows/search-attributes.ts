import { defineSearchAttributeKey, SearchAttributeType } from "@temporalio/common";
import { upsertSearchAttributes } from "@temporalio/workflow";
import type { Decisions } from "../core/manifests/decisions.ts";
import type { SEARCH_ATTRIBUTES } from "./contract.ts";

/** The name of a search attribute of the table that namespaces are prepared with. */
const named = (name: keyof typeof SEARCH_ATTRIBUTES): string => name;

const SYMBOL = defineSearchAttributeKey(named("CandlecastSymbol"), SearchAttributeType.KEYWORD_LIST);
const STAGE = defineSearchAttributeKey(named("CandlecastStage"), SearchAttributeType.KEYWORD);
const TRIGGER = defineSearchAttributeKey(named("CandlecastTrigger"), SearchAttributeType.KEYWORD);
const DECISION = defineSearchAttributeKey(named("CandlecastDecision"), SearchAttributeType.KEYWORD_LIST);
const SKILL = defineSearchAttributeKey(named("CandlecastSkill"), SearchAttributeType.DOUBLE);

/** A server takes values of up to 2 KB. */
const MAX_CHARACTERS = 1_900;

/** Makes a run findable by symbol and by trigger. If there are very many symbols, the first are listed. */
export function describeRun(symbols: readonly string[], trigger: string): void {
  upsertSearchAttributes([
    { key: SYMBOL, value: fitting(symbols) },
    { key: TRIGGER, value: trigger },
  ]);
}

/** As {@link describeRun} and {@link describeStage} in one event. */
export function describeBeginning(symbols: readonly string[], trigger: string, stage: string): void {
  upsertSearchAttributes([
    { key: SYMBOL, value: fitting(symbols) },
    { key: TRIGGER, value: trigger },
    { key: STAGE, value: stage },
  ]);
}

/** Makes a run findable by the stage that it is in. */
export function describeStage(stage: string): void {
  upsertSearchAttributes([{ key: STAGE, value: stage }]);
}

/** Makes a batch findable by how it ended: `failed` where no coin went well, and each coin that failed. */
export function describeEnd(failed: readonly string[], coins: number): void {
  upsertSearchAttributes([
    { key: STAGE, value: failed.length === coins ? "failed" : "done" },
    ...(failed.length > 0 ? [{ key: DECISION, value: fitting(failed.map(failedDecision)) }] : []),
  ]);
}

/**
 * Makes a run findable by what it decided and by the best skill that it found.
 *
 * @param decisions null where nothing was published
 * @param failed symbols that failed; an earlier run decided their entries in the manifest
 */
export function describeDecisions(decisions: Decisions | null, failed: readonly string[]): void {
  const { champions, bestSkill } = decisions ?? { champions: {}, bestSkill: null };
  const failing = new Set(failed);
  const decided = Object.entries(champions).filter(([symbol]) => !failing.has(symbol));
  const bySymbol = decided.flatMap(([symbol, names]) =>
    names.length > 0 ? names.map((name) => `${symbol}:champion=${name}`) : [`${symbol}:no_skill`],
  );
  const promoted = decided.some(([, names]) => names.length > 0);
  upsertSearchAttributes([
    { key: DECISION, value: fitting([promoted ? "promoted" : "no_skill", ...failed.map(failedDecision), ...bySymbol]) },
    ...(bestSkill === null ? [] : [{ key: SKILL, value: bestSkill }]),
  ]);
}

function failedDecision(symbol: string): string {
  return `${symbol}:failed`;
}

/** As many of the values as a server takes. */
function fitting(values: readonly string[]): string[] {
  let room = MAX_CHARACTERS;
  const end = values.findIndex((value) => {
    room -= value.length + 3;
    return room < 0;
  });
  return values.slice(0, end < 0 ? values.length : end);
}
