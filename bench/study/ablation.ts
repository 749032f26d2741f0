import type { Pool } from "../../core/evaluation/pool.ts";
import { planCalibration } from "../../core/models/calibration.ts";
import { HYPERPARAMETERS, TARGET_CLIP } from "../../core/models/hyperparameters.ts";
import { logistic } from "../../core/models/linear/linear-body.ts";
import { newton } from "../../core/models/linear/newton.ts";
import type { Model } from "../../core/models/model.ts";
import { predictBodyOver } from "../../core/models/predict-model.ts";
import { recencyWeights } from "../../core/models/recency-weights.ts";
import { oneBlock } from "../../core/models/row-blocks.ts";
import { ALGORITHMS, type AlgorithmName, isClassifier, REGRESSORS } from "../../core/vocabulary/model-names.ts";
import { readMarketPool } from "./market-pool.ts";
import { createStudy, type Figures, judge, mean, meanOf, type Variant, walk } from "./walk.ts";

/**
 * What each choice of the learners is worth on real coins: `node bench/study/ablation.ts [section or algorithm…]`, several
 * minutes for all of them; it needs ../shared/market. Each line changes one thing of the pipeline's settings; figures are means over the seeds 1 to 3.
 */
type Columns = Pick<Pool, "names" | "columns">;

const SEEDS = [1, 2, 3];
const wanted = process.argv.slice(2);
const study = createStudy(await readMarketPool());
const TREES: readonly AlgorithmName[] = ["gradient_boosting", "random_forest", "random_forest_classifier"];

/** Whether a name was asked for, or none of its kind. */
function isWanted(name: string, kind: readonly string[]): boolean {
  return wanted.includes(name) || !wanted.some((word) => kind.includes(word));
}

const cache = new Map<string, Float64Array>();
function predict(algorithm: AlgorithmName, seed: number): Float64Array {
  const key = `${algorithm} ${seed}`;
  const found = cache.get(key) ?? walk(study, algorithm, seed);
  cache.set(key, found);
  return found;
}

function average(all: readonly Figures[]): Figures {
  const over = (key: keyof Figures) => mean(all.map((figures) => figures[key]));
  return {
    meanSkill: over("meanSkill"),
    positive: over("positive"),
    poolSkill: over("poolSkill"),
    earlySkill: over("earlySkill"),
    other: over("other"),
  };
}

function print(label: string, algorithm: AlgorithmName | "ensemble", all: readonly Figures[]): void {
  const { meanSkill, positive, poolSkill, earlySkill, other } = average(all);
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
  const cells = [algorithm, label, percent(meanSkill), positive.toFixed(1), percent(poolSkill), percent(earlySkill)];
  process.stdout.write(`| ${cells.join(" | ")} | ${isClassifier(algorithm) ? other.toFixed(4) : percent(other)} |\n`);
}

function seedsOf(algorithm: AlgorithmName): readonly number[] {
  return TREES.includes(algorithm) ? SEEDS : SEEDS.slice(0, 1);
}

function tryVariant<K extends AlgorithmName>(label: string, algorithm: K, variant: Variant<K>): void {
  if (!isWanted(algorithm, ALGORITHMS)) return;
  print(
    label,
    algorithm,
    seedsOf(algorithm).map((seed) => judge(study, algorithm, walk(study, algorithm, seed, variant))),
  );
}

const without =
  (pattern: RegExp) =>
  ({ names, columns }: Columns) => {
    const kept = names.map((_, f) => f).filter((f) => !pattern.test(names[f]));
    return { names: kept.map((f) => names[f]), columns: kept.map((f) => columns[f]) };
  };

/** Shares of the price instead of numbers of volatilities. */
function inShares({ names, columns }: Columns) {
  const volatility = columns[names.indexOf("volatility_ewm_20")];
  const raw = names.map((name, f) =>
    name.endsWith("_in_volatilities") ? columns[f].map((value, row) => value * volatility[row]) : columns[f],
  );
  return without(/^scaled_return_(2|3|10|20)$|^(drawdown|macd|candle|upper|lower).*_in_vol/)({ names, columns: raw });
}

const weighted =
  (days: number | null): Variant["prepare"] =>
  (set, { openTime }) => ({ ...set, weight: days === null ? undefined : recencyWeights(openTime.subarray(0, set.rows), days) });

const clipped =
  (clip: number, keepDrift: boolean): Variant["prepare"] =>
  (set, { scaled }) => {
    const target = scaled.slice(0, set.rows).map((value) => Math.max(-clip, Math.min(clip, value)));
    const drift = keepDrift ? 0 : mean([...target]);
    return { ...set, target: target.map((value) => value - drift) };
  };

/** What comes of forecasts `prior + slope × (forecast − prior)`, the slope learned on an inner fit's forecasts of later rows. */
const shrunk =
  (pull: (slope: number) => number, classify: boolean): Variant["adjust"] =>
  (body, set, refit) => {
    const { trainTo, testFrom, testTo } = planCalibration(set.rows);
    const forecast = predictBodyOver(refit({ ...set, rows: trainTo }), set.columns, testFrom, testTo);
    const prior = classify ? mean([...set.target.subarray(0, trainTo)]) : 0;
    let product = 0;
    let squares = 0;
    forecast.forEach((value, i) => {
      product += (value - prior) * (set.target[testFrom + i] - prior);
      squares += (value - prior) ** 2;
    });
    return shrink(body, pull(product / squares), classify ? mean([...set.target.subarray(0, set.rows)]) : 0);
  };

function shrink(body: Model["body"], slope: number, prior: number): Model["body"] {
  if (body.kind === "trees") return { ...body, base: (1 - slope) * prior + slope * body.base, factor: slope * body.factor };
  const centre = body.link === "logistic" ? Math.log(prior / (1 - prior)) : 0;
  return { ...body, intercept: (1 - slope) * centre + slope * body.intercept, weights: body.weights.map((weight) => slope * weight) };
}

/** Platt's sigmoid: both of its numbers are learned on an inner fit's forecasts of later rows. */
const sigmoid: Variant["calibrate"] = (set, refit) => {
  const { trainTo, testFrom, testTo } = planCalibration(set.rows);
  const x = predictBodyOver(refit({ ...set, rows: trainTo }), set.columns, testFrom, testTo).map(logOdds);
  const rows = { x: oneBlock(x, x.length), target: set.target.subarray(testFrom, testTo), weight: new Float64Array(x.length).fill(1) };
  const { beta } = newton(rows, 0, { beta: Float64Array.of(1, 0), curvature: null }, 1e-9);
  return (forecast) => logistic(beta[1] + beta[0] * logOdds(forecast));
};

const logOdds = (probability: number) => Math.log(probability / (1 - probability));

const within = (slope: number) => Math.max(0, Math.min(1, slope));

const sections: Record<string, () => void> = {
  "as it is"() {
    for (const algorithm of ALGORITHMS)
      print(
        "as it is",
        algorithm,
        seedsOf(algorithm).map((seed) => judge(study, algorithm, predict(algorithm, seed))),
      );
    const mix = (members: readonly AlgorithmName[], as: AlgorithmName | "ensemble", label: string) =>
      print(
        label,
        as,
        SEEDS.map((seed) => judge(study, as, meanOf(members.map((name) => predict(name, TREES.includes(name) ? seed : 1))))),
      );
    mix(REGRESSORS, "ensemble", "as it is: mean of the regressors");
    mix(["gradient_boosting", "random_forest"], "ensemble", "mean of boosting and forest");
    mix(["logistic_regression", "random_forest_classifier"], "logistic_regression", "mean of the classifiers");
  },
  features() {
    const groups: Record<string, RegExp> = {
      "without averages": /^(sma|ema|hull)_ratio/,
      "without oscillators": /^(rsi|stochastic|williams|cci|momentum|adx|plus_di|minus_di)/,
      "without MACD": /^macd/,
      "without volume": /^(obv|volume_)/,
      "without market caps": /^market_cap/,
      "without volatilities": /^(volatility|parkinson|atr|bollinger_width)/,
      "without returns": /return/,
      "without candle shapes": /^(candle_body|upper_shadow|lower_shadow)/,
      "without calendar": /^day_of_week/,
    };
    for (const algorithm of ALGORITHMS) {
      tryVariant("in shares of the price only", algorithm, { features: inShares });
      for (const [label, pattern] of Object.entries(groups)) tryVariant(label, algorithm, { features: without(pattern) });
    }
  },
  recency() {
    for (const algorithm of ALGORITHMS)
      for (const days of [null, 2_000, 1_000, 500]) tryVariant(`half-life ${days ?? "∞"} days`, algorithm, { prepare: weighted(days) });
  },
  target() {
    for (const algorithm of REGRESSORS) {
      for (const clip of [1, 1.5, 2, 4]) tryVariant(`clipped at ${clip}`, algorithm, { prepare: clipped(clip, false) });
      tryVariant("drift learned too", algorithm, { prepare: clipped(TARGET_CLIP, true) });
    }
  },
  settings() {
    const boosting = HYPERPARAMETERS.gradient_boosting.pooled;
    const former = { ...boosting, leaves: 8, learningRate: 0.02, minLeafRows: 500, featureShare: 0.3 };
    tryVariant("8 leaves of 500, rate 0.02, 30 % of the features", "gradient_boosting", { settings: former });
    tryVariant("leaves of 500", "gradient_boosting", { settings: { ...boosting, minLeafRows: 500 } });
    for (const l2 of [0, 100]) tryVariant(`L2 of ${l2}`, "gradient_boosting", { settings: { ...boosting, l2 } });
    tryVariant("500 trees", "gradient_boosting", { settings: { ...boosting, trees: 500 } });
    const tail = { share: 0.2, patience: 50 };
    tryVariant("early stopping, at most 500 trees", "gradient_boosting", { settings: { ...boosting, trees: 500, tail } });
    for (const algorithm of ["random_forest", "random_forest_classifier"] as const) {
      const forest = HYPERPARAMETERS[algorithm].pooled;
      tryVariant("depth 4", algorithm, { settings: { ...forest, maxDepth: 4 } });
      tryVariant("depth 10", algorithm, { settings: { ...forest, maxDepth: 10 } });
      tryVariant("leaves of 200", algorithm, { settings: { ...forest, minLeafRows: 200 } });
      tryVariant("400 trees", algorithm, { settings: { ...forest, trees: 400 } });
    }
    for (const algorithm of ["linear_regression", "logistic_regression"] as const) {
      const linear = HYPERPARAMETERS[algorithm].pooled;
      for (const penalty of [0.3, 1, 3]) tryVariant(`penalty ${penalty}`, algorithm, { settings: { ...linear, penalties: [penalty] } });
    }
  },
  winsorising() {
    for (const algorithm of ["linear_regression", "logistic_regression"] as const) {
      for (const winsorQuantile of [0, 0.002, 0.05])
        tryVariant(`winsorised at ${100 * winsorQuantile} %`, algorithm, {
          settings: { ...HYPERPARAMETERS[algorithm].pooled, winsorQuantile },
        });
    }
  },
  sigmoid() {
    const { calibrationTrees: _, ...plain } = HYPERPARAMETERS.random_forest_classifier.pooled;
    tryVariant("Platt's sigmoid", "random_forest_classifier", { settings: plain, calibrate: sigmoid });
    tryVariant("Platt's sigmoid", "logistic_regression", { calibrate: sigmoid });
  },
  shrinkage() {
    const { calibrationTrees: _, ...plain } = HYPERPARAMETERS.random_forest_classifier.pooled;
    tryVariant("not calibrated", "random_forest_classifier", { settings: plain });
    tryVariant("slope of the inner forecasts", "random_forest_classifier", { settings: plain, adjust: shrunk(within, true) });
    for (const algorithm of ["logistic_regression", ...REGRESSORS] as const) {
      const classify = isClassifier(algorithm);
      tryVariant("slope of the inner forecasts", algorithm, { adjust: shrunk(within, classify) });
      tryVariant("half of the way to that slope", algorithm, { adjust: shrunk((slope) => within((1 + slope) / 2), classify) });
    }
  },
};

process.stdout.write(
  "| model | change | mean skill | coins above 0, of 13 | pool | pool, folds 1–3 | AUC, or skill in MAE |\n|---|---|---|---|---|---|---|\n",
);
for (const [name, run] of Object.entries(sections)) if (isWanted(name, Object.keys(sections))) run();
