import { InvalidInputError } from "../vocabulary/errors.ts";
import type { ModelName, Role, Scope, Task } from "../vocabulary/model-names.ts";

/** The facts of a judged model that decide whether it is served. */
export interface RatedModel {
  readonly name: ModelName;
  readonly task: Task;
  readonly role: Role;
}

export function isChampion({ role }: Pick<RatedModel, "role">): boolean {
  return role === "champion";
}

/** The champions of all tasks, in the order of the models. */
export function championsOf<M extends Pick<RatedModel, "role">>(models: readonly M[]): M[] {
  return models.filter(isChampion);
}

/** The model that is served for a task; null where no model has skill, so that the baseline is served. */
export function championOf<M extends Pick<RatedModel, "role" | "task">>(models: readonly M[], task: Task): M | null {
  return models.find((model) => isChampion(model) && model.task === task) ?? null;
}

/** The champion that a report is about: that of the price, or else that of the direction; null where there is neither. */
export function mainChampion<M extends Pick<RatedModel, "role" | "task">>(models: readonly M[]): M | null {
  return championOf(models, "regression") ?? championOf(models, "classification");
}

/**
 * The model that pictures of a task show: its champion, or else the model with the largest skill over its coins.
 *
 * @throws {InvalidInputError} if there is no model of the task
 */
export function leadingModel<M extends RatedModel & { readonly groupSkill: { readonly value: number | null } }>(
  models: readonly M[],
  task: Task,
): M {
  const own = models.filter((model) => model.task === task);
  if (own.length === 0) throw new InvalidInputError(`there is no model for ${task}`);
  const skill = ({ groupSkill }: M) => groupSkill.value ?? Number.NEGATIVE_INFINITY;
  return championOf(own, task) ?? own.reduce((best, model) => (skill(model) > skill(best) ? model : best));
}

/**
 * Leaves one champion per task where models of several scopes passed the gate: the one with the largest skill on the coin.
 * The others become challengers.
 */
export function settleChampions<
  M extends RatedModel & { readonly scope: Scope; readonly reason: string; readonly skill: { readonly value: number | null } },
>(models: readonly M[]): M[] {
  return models.map((model) => {
    if (!isChampion(model)) return model;
    const better = championsOf(models).find(
      (other) => other !== model && other.task === model.task && (other.skill.value ?? 0) > (model.skill.value ?? 0),
    );
    return better ? { ...model, role: "challenger", reason: `${model.reason}; ${better.name} of scope ${better.scope} has more` } : model;
  });
}
