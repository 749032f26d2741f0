import type { ErrorComparison } from "./compare-errors.ts";
import type { Outcome } from "./measure-in-turns.ts";

/** What a row of the benchmark is given. */
export interface Surroundings {
  /** the interpreter that has the peers */
  readonly python: string;
  /** empty, for files that the programs exchange */
  readonly folder: string;
}

/** A part of `npm run bench` that can be run alone; one line for each goal. */
export interface Row {
  readonly name: string;
  /** whether it reads ../shared/market */
  readonly needsMarket?: boolean;
  run(surroundings: Surroundings): Promise<Line[]>;
}

export type Goal =
  /** theirs / ours is at least so much */
  | { readonly timesLess: number }
  /** ours / theirs is at most so much */
  | { readonly timesTheirs: number }
  /** ours alone is at most so much */
  | { readonly atMost: number };

export interface Line {
  readonly what: string;
  readonly measure: string;
  readonly unit: "ms" | "s" | "MB";
  readonly ours: number;
  readonly against: string;
  /** null where the goal is against a number */
  readonly theirs: number | null;
  /** null: a figure without a verdict */
  readonly goal: Goal | null;
  /** Whether the results are equal; null where nothing is learned. */
  readonly equality: Pick<ErrorComparison, "text" | "equal"> | null;
}

/** A line from two programs' times. */
export function compareTimes(
  ours: Outcome,
  theirs: Outcome,
  measure: "CPU" | "wall",
  line: Pick<Line, "what" | "goal" | "equality">,
): Line {
  const of = ({ cpuMs, wallMs }: Outcome) => (measure === "CPU" ? cpuMs : wallMs);
  return { ...line, measure, unit: "ms", ours: of(ours), against: theirs.who, theirs: of(theirs) };
}

export const HEAD = [
  "| what | measure | candlecast | against | theirs | ratio | goal | results, ours against theirs | verdict |",
  "|---|---|---|---|---|---|---|---|---|",
].join("\n");

export function formatLine(line: Line): string {
  const { what, measure, unit, ours, against, theirs, goal, equality } = line;
  const { met, ratio, wanted } = compareWithGoal(line);
  const result = goal === null ? "" : !met ? "not met" : equality && !equality.equal ? "not met: results differ" : "met";
  const figure = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`;
  const cells = [what, measure, figure(ours), against, theirs === null ? "" : figure(theirs), ratio, wanted, equality?.text ?? "", result];
  return `| ${cells.join(" | ")} |`;
}

/** A line for what could not be measured. */
export function formatSkipped(what: string, reason: string): string {
  return `| ${[what, "", "", "", "", "", "", reason, "not measured"].join(" | ")} |`;
}

function compareWithGoal({ ours, theirs, goal, unit }: Line): { met: boolean; ratio: string; wanted: string } {
  if (goal === null) return { met: false, ratio: theirs === null ? "" : `${(theirs / ours).toFixed(2)}× less`, wanted: "" };
  if ("atMost" in goal) return { met: ours <= goal.atMost, ratio: "", wanted: `≤ ${goal.atMost} ${unit}` };
  const other = theirs ?? Number.NaN;
  if ("timesLess" in goal) {
    return { met: other / ours >= goal.timesLess, ratio: `${(other / ours).toFixed(2)}× less`, wanted: `≥ ${goal.timesLess}× less` };
  }
  return { met: ours / other <= goal.timesTheirs, ratio: `${(ours / other).toFixed(2)}×`, wanted: `≤ ${goal.timesTheirs}×` };
}
