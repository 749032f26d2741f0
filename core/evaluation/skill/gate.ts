import type { ModelEntry } from "../../manifests/manifest.ts";
import type { Role } from "../../vocabulary/model-names.ts";
import { baselineWords } from "../../vocabulary/model-words.ts";

/** Raised when the same predictions are judged otherwise: old trainings are then due again. */
export const JUDGEMENT_VERSION = 3;

export type GateFacts = Pick<ModelEntry, "name" | "task" | "skill" | "groupSkill" | "gateLower">;

export interface Verdict {
  readonly role: Role;
  readonly reason: string;
}

/**
 * Who is served. A model has skill where the joint lower bound of its group's skill is above zero, and its own skill on this
 * coin is above zero and so is the upper end of that one's interval; of those, the one with the largest skill in the group
 * is the champion of its task. All others do not serve. docs/decisions/0007 has the error rates.
 *
 * @param candidates models for one coin
 */
export function judge(candidates: readonly GateFacts[]): Verdict[] {
  const champions = new Map<string, GateFacts>();
  for (const facts of candidates) {
    const best = champions.get(facts.task);
    if (hindrance(facts) === null && (!best || (facts.groupSkill.value ?? 0) > (best.groupSkill.value ?? 0)))
      champions.set(facts.task, facts);
  }
  return candidates.map((facts) => {
    const { task, skill, groupSkill, gateLower } = facts;
    const hindered = hindrance(facts);
    if (hindered) return { role: "no_skill", reason: hindered };
    const evidence = `skill ${percent(groupSkill.value)} over its coins, lower bound ${percent(gateLower)}, ${percent(skill.value)} on this one`;
    const champion = champions.get(task);
    return facts === champion
      ? { role: "champion", reason: evidence }
      : { role: "challenger", reason: `${evidence}; ${champion?.name} has more` };
  });
}

/** Where models of several scopes stood the gate, one champion a task is left: the one with the largest skill on the coin. */
export function settleChampions(models: readonly ModelEntry[]): ModelEntry[] {
  return models.map((model) => {
    if (model.role !== "champion") return model;
    const better = models.find(
      (other) =>
        other !== model && other.role === "champion" && other.task === model.task && (other.skill.value ?? 0) > (model.skill.value ?? 0),
    );
    return better ? { ...model, role: "challenger", reason: `${model.reason}; ${better.name} of scope ${better.scope} has more` } : model;
  });
}

function hindrance({ skill, groupSkill, gateLower }: GateFacts): string | null {
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
