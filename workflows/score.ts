import { setCurrentDetails } from "@temporalio/workflow";
import type { ScoringRoundResult } from "../activities/score/score-forecasts.ts";
import type { ScoreInput, ScoreResult } from "./contract.ts";
import { checkScoreInput } from "./inputs/score-input.ts";
import { describeRun, describeStage } from "./search-attributes.ts";
import { storeSteps } from "./steps.ts";

/** Rounds of a run; what is due after them is left to the next run. */
const MOST_ROUNDS = 200;

const MOST_PROBLEMS = 10;

/**
 * Scores the kept forecasts whose target candles have closed. Safe to run twice, and while runs publish.
 *
 * History: one step for every 20 manifests that are due, at most 200 steps, so some 1,200 events.
 */
export async function score(given?: ScoreInput): Promise<ScoreResult> {
  const { all = false } = checkScoreInput(given);
  describeRun([], "score");
  describeStage("scoring");
  let sum: Omit<ScoreResult, "summary"> | null = null;
  for (let round = 1; round <= MOST_ROUNDS && (sum === null || sum.more); round++) {
    const done = await storeSteps().scoreForecasts.executeWithOptions(
      { summary: "score the forecasts whose candles have closed", startToCloseTimeout: "1 hour" },
      [{ all }],
    );
    sum = sum === null ? done : addRound(sum, done);
  }
  const total = sum as Omit<ScoreResult, "summary">;
  const result = { ...total, summary: scoringSummary(total) };
  setCurrentDetails([`**${result.summary}**`, "", ...result.problems.map((problem) => `- ${problem}`)].join("\n"));
  describeStage("done");
  return result;
}

function addRound(sum: Omit<ScoreResult, "summary">, round: ScoringRoundResult): Omit<ScoreResult, "summary"> {
  return {
    manifests: sum.manifests + round.manifests,
    files: sum.files + round.files,
    added: sum.added + round.added,
    scored: sum.scored + round.scored,
    rescored: sum.rescored + round.rescored,
    waiting: round.waiting,
    open: round.open,
    problems: [...new Set([...sum.problems, ...round.problems])].slice(0, MOST_PROBLEMS),
    more: round.more,
  };
}

function scoringSummary({ scored, rescored, waiting, open, problems }: Omit<ScoreResult, "summary">): string {
  return [
    `${scored} forecasts scored`,
    ...(rescored > 0 ? [`, ${rescored} scored again because their candles were revised`] : []),
    ...(waiting > 0 ? [`, ${waiting} without a candle`] : []),
    `; manifests with open forecasts: ${open}.`,
    ...(problems.length > 0 ? [` Not everything could be read: ${problems[0]}.`] : []),
  ].join("");
}
