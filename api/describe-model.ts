import type { z } from "@hono/zod-openapi";
import type { ModelEntry } from "../core/manifests/manifest.ts";
import type { judgedModel } from "./schemas.ts";

/** A model as the manifest judges it, in the API's words. */
export function describeModel(entry: ModelEntry): z.infer<typeof judgedModel> {
  const { name, scope, task, role, reason, n, metrics, skill, skills, groupSkill, groupSkills, gateLower, interval, file } = entry;
  return {
    name,
    scope,
    task,
    role,
    reason,
    n,
    metrics,
    skill,
    group_skill: groupSkill,
    gate_lower: gateLower,
    skills: [...skills],
    group_skills: [...groupSkills],
    interval,
    file,
  };
}
