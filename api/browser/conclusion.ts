import type { Step } from "./step.ts";

export interface Conclusion {
  readonly outcome: Step["outcome"];
  readonly sentence: string;
}

/** What all steps come to, in one sentence. */
export function conclude(steps: readonly Step[]): Conclusion {
  const differing = steps.filter(({ outcome }) => outcome === "differs");
  if (differing.length > 0) {
    const parts = differing.map(({ name, differences }) => `${name} (${differences[0].of}${more(differences.length - 1)})`);
    return { outcome: "differs", sentence: `Differs: ${parts.join("; ")}.` };
  }
  const left = steps.filter(({ outcome }) => outcome === "unchecked");
  if (left.length === 0) return { outcome: "equal", sentence: "Equal to the last bit." };
  return {
    outcome: "unchecked",
    sentence: `What could be checked is equal to the last bit. Not checked: ${left.map(({ name }) => name).join(", ")}.`,
  };
}

function more(count: number): string {
  return count > 0 ? ` and ${count} more` : "";
}
