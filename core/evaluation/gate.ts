import type { ModelEntry, Role, Skill } from "../manifests/manifest.ts";

export interface GateFacts {
  readonly name: string;
  readonly skill: Skill;
  readonly groupSkill: Skill;
}

export interface Verdict {
  readonly role: Role;
  readonly reason: string;
}

/**
 * Who is served. A model has skill where the lower bound of its group's skill is above zero and its own skill on this
 * coin is too; of those, the one with the largest skill in the group is champion. All others do not serve.
 *
 * @param candidates models of one task (regressors, or classifiers) for one coin
 */
export function judge(candidates: readonly GateFacts[]): Verdict[] {
  const able = candidates.filter((facts) => hindrance(facts) === null);
  const best = able.reduce<GateFacts | null>(
    (top, facts) => (top === null || (facts.groupSkill.value ?? 0) > (top.groupSkill.value ?? 0) ? facts : top),
    null,
  );
  return candidates.map((facts) => {
    const { skill, groupSkill } = facts;
    const hindered = hindrance(facts);
    if (hindered) return { role: "no_skill", reason: hindered };
    const evidence = `skill ${percent(groupSkill.value)} over its coins, lower bound ${percent(groupSkill.lower)}, ${percent(skill.value)} on this one`;
    return facts === best ? { role: "champion", reason: evidence } : { role: "challenger", reason: `${evidence}; ${best?.name} has more` };
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

function hindrance({ skill, groupSkill }: GateFacts): string | null {
  const baseline = groupSkill.baseline === "no_change" ? "no change" : "the class prior";
  if (groupSkill.value === null || groupSkill.lower === null) return `its skill against ${baseline} is undefined`;
  if (groupSkill.lower <= 0) {
    return `does not beat ${baseline} for certain: skill ${percent(groupSkill.value)} over its coins, lower bound ${percent(groupSkill.lower)}`;
  }
  if (skill.value === null || skill.value <= 0) return `does not beat ${baseline} on this coin: skill ${percent(skill.value)}`;
  return null;
}

function percent(value: number | null): string {
  return value === null ? "unknown" : `${(100 * value).toFixed(2)} %`;
}
