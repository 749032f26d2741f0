import type { AlgorithmName, Scope } from "../manifests/manifest.ts";
import { createRandom } from "../random.ts";
import type { BinnedMatrix } from "./binning.ts";
import { fitGradientBoosting } from "./gradient-boosting.ts";
import { fitLogistic } from "./logistic-regression.ts";
import type { Model } from "./model.ts";
import { fitRandomForest } from "./random-forest.ts";
import { fitRidge } from "./ridge.ts";
import { SETTINGS, type SettingsOf } from "./settings.ts";
import type { TrainingSet } from "./training-set.ts";

/** Fits one algorithm with the settings of its scope, or given ones. The same set and seed give the same model. */
export function fitBody(
  given: TrainingSet,
  algorithm: AlgorithmName,
  { scope, seed, settings, binned }: { scope: Scope; seed: number; settings?: SettingsOf; binned?: BinnedMatrix },
): Model["body"] {
  const set = binned ? { ...given, binned } : given;
  const of = <K extends AlgorithmName>(name: K) => settings?.[name] ?? SETTINGS[name][scope];
  const random = createRandom(seed);
  switch (algorithm) {
    case "gradient_boosting": {
      const { base, trees } = fitGradientBoosting(set, of("gradient_boosting"), random);
      return { kind: "trees", base, factor: 1, trees };
    }
    case "random_forest":
    case "random_forest_classifier": {
      const trees = fitRandomForest(set, of(algorithm), random);
      return { kind: "trees", base: 0, factor: 1 / trees.roots.length, trees };
    }
    case "linear_regression":
      return fitRidge(set, of("linear_regression"));
    case "logistic_regression":
      return fitLogistic(set, of("logistic_regression"));
  }
}
