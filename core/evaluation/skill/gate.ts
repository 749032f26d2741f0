import type { ModelEntry } from "../../manifests/manifest.ts";
import type { Role, Task } from "../../vocabulary/model-names.ts";
import { baselineWords } from "../../vocabulary/model-words.ts";

/** Raised when the same predictions are judged differently: old trainings are then due again. */
export const JUDGEMENT_VERSION = 3;

/** What the gate looks at. */
export type GateFacts = Pick<ModelEntry, "name" | "task" | "skill" | "groupSkill" | "gateLower">;

export interface RoleDecision {
  readonly role: Role;
  /** as a sentence */
  readonly reason: string;
}

/**
 * Decides the roles of one coin's models. A model has skill if the joint lower bound of its group's skill is above zero, its
 * own skill on the coin is above zero, and so is the upper end of the interval of its own skill. Of the models with skill, the
 * one with the largest skill in the group is the champion of its task. Error rates: docs/decisions/0007.
 */
export function decideRoles(models: readonly GateFacts[]): RoleDecision[] {
  const champions = new Map<Task, GateFacts>();
  for (const facts of models) {
    const best = champions.get(facts.task);
    if (reasonNotServed(facts) === null && (!best || (facts.groupSkill.value ?? 0) > (best.groupSkill.value ?? 0)))
      champions.set(facts.task, facts);
  }
  return models.map((facts) => {
    const { task, skill, groupSkill, gateLower } = facts;
    const notServed = reasonNotServed(facts);
    if (notServed) return { role: "no_skill", reason: notServed };
    const evidence = `skill ${percent(groupSkill.value)} over its coins, lower bound ${percent(gateLower)}, ${percent(skill.value)} on this one`;
    const champion = champions.get(task);
    return facts === champion
      ? { role: "champion", reason: evidence }
      : { role: "challenger", reason: `${evidence}; ${champion?.name} has more` };
  });
}

/** Null for a model with skill. */
function reasonNotServed({ skill, groupSkill, gateLower }: GateFacts): string | null {
  const baseline = baselineWords(groupSkill.baseline);
  if (groupSkill.value === null) return `its skill against ${baseline} is undefined`;
  if (gateLower === null) return `has too little history to be judged against ${baseline}`;
  if (gateLower <= 0) {
    return `does not beat ${baseline} for certain: skill ${percent(groupSkill.value)} over its coins, lower bound ${percent(gateLower)}`;
  }
  if (skill.value === null || skill.upper === null) return "has too little history on this coin to be judged";
  if (skill.value <= 0 || skill.upper <= 0) {
    return `does not beat ${baselineWords(skill.baseline)} on this coin: skill ${percent(skill.value)}, upper bound ${percent(skill.upper)}`;
  }
  return null;
}

function percent(value: number | null): string {
  return value === null ? "unknown" : `${(100 * value).toFixed(2)} %`;
}
