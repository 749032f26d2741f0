import type { HyperparametersOf } from "../core/models/hyperparameters.ts";
import type { AlgorithmName, Scope } from "../core/vocabulary/model-names.ts";

/** What candlecast and its peers do side by side: features, then each algorithm once per fold and once on all rows. */
export interface TrainingJob {
  readonly scope: Scope;
  readonly algorithms: readonly AlgorithmName[];
  readonly settings: HyperparametersOf;
  /** targets are clipped to ± this for learning */
  readonly clip: number;
  readonly threads: number;
  /** the library that boosts on the peers' side; the rest is scikit-learn's */
  readonly boosting: "GradientBoosting" | "LightGBM";
  readonly groups: readonly {
    readonly coins: readonly string[];
    readonly rows: number;
    /** trainTo, testFrom, testTo of each fold */
    readonly folds: readonly (readonly [number, number, number])[];
  }[];
}
