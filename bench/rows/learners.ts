import { join } from "node:path";
import { compareErrors } from "../compare-errors.ts";
import { BENCH_BOOSTING, BENCH_FOREST, PREDICTED_ROWS, PREDICTIONS } from "../learner-settings.ts";
import { measureInTurns, type Outcome, type Program } from "../measure-in-turns.ts";
import { makeRegressionData, writeRegressionData } from "../regression-data.ts";
import { compareTimes, type Goal, type Row, type Surroundings } from "../row.ts";

const TEST_ROWS = 4_000;
const FEATURES = 47;

interface Trial {
  readonly learner: "boosting" | "forest";
  readonly what: string;
  readonly train: number;
  readonly task: "fit" | "predict";
  /** the peers, and what is to be reached against each */
  readonly goals: Readonly<Record<string, Goal>>;
}

/** Single learners, one thread each, on Friedman's first function. */
export const learnerRows: readonly Row[] = [
  row("boosting", {
    learner: "boosting",
    what: "boosting, 100 trees of depth 3, 4,000 × 47",
    train: 4_000,
    task: "fit",
    goals: { GradientBoosting: { timesLess: 20 }, HistGradientBoosting: { timesTheirs: 1.2 }, LightGBM: { timesTheirs: 1.5 } },
  }),
  row("boosting-large", {
    learner: "boosting",
    what: "boosting, 100 trees of depth 3, 80,000 × 47",
    train: 80_000,
    task: "fit",
    goals: { HistGradientBoosting: { timesTheirs: 2 }, LightGBM: { timesTheirs: 2 } },
  }),
  row("forest", {
    learner: "forest",
    what: "random forest, 100 trees of depth 10, 1/3 of the features, 4,000 × 47",
    train: 4_000,
    task: "fit",
    goals: { RandomForest: { timesLess: 3 } },
  }),
  row("predict-boosting", {
    learner: "boosting",
    what: `prediction of ${PREDICTED_ROWS} rows, boosting`,
    train: 4_000,
    task: "predict",
    goals: { GradientBoosting: { timesTheirs: 1 }, HistGradientBoosting: { timesTheirs: 1 } },
  }),
  row("predict-forest", {
    learner: "forest",
    what: `prediction of ${PREDICTED_ROWS} rows, forest`,
    train: 4_000,
    task: "predict",
    goals: { RandomForest: { timesTheirs: 1 } },
  }),
];

function row(name: string, trial: Trial): Row {
  return { name, run: (surroundings) => run(trial, surroundings) };
}

async function run({ learner, what, train, task, goals }: Trial, { python, folder }: Surroundings) {
  writeRegressionData(folder, makeRegressionData({ train, test: TEST_ROWS, features: FEATURES }));
  const errorsOf = (who: string) => join(folder, `errors-${who}.f64`);
  const settings = { ...(learner === "boosting" ? BENCH_BOOSTING : BENCH_FOREST), predictedRows: PREDICTED_ROWS, predictions: PREDICTIONS };
  const programs: Program[] = [
    { who: "candlecast", command: [process.execPath, "bench/ours/learners.ts", folder, learner, task, errorsOf("candlecast")] },
    ...Object.keys(goals).map((who) => ({
      who,
      command: [python, "bench/peers/learners.py", folder, who, task, errorsOf(who), JSON.stringify(settings)],
    })),
  ];
  const [ours, ...peers] = await measureInTurns(programs, { warmUps: task === "fit" ? 8 : 20, least: 7, leastMs: 2_000 });
  return peers.map((peer) => {
    const equality = compareErrors(errorsOf("candlecast"), errorsOf(peer.who));
    return compareTimes(ours, nameLibrary(peer), "CPU", { what, goal: goals[peer.who], equality });
  });
}

function nameLibrary(outcome: Outcome): Outcome {
  return { ...outcome, who: outcome.who === "LightGBM" ? outcome.who : `scikit-learn ${outcome.who}` };
}
