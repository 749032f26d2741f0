import type { AlgorithmName, Scope } from "../vocabulary/model-names.ts";
import type { LinearBody } from "./linear/linear-body.ts";
import type { Novelty } from "./novelty.ts";
import type { FlatTrees } from "./trees/flat-trees.ts";

/** The sum of trees, each times `factor`, on top of `base`. */
export interface TreesBody {
  readonly kind: "trees";
  readonly base: number;
  readonly factor: number;
  readonly trees: FlatTrees;
}

/**
 * A fitted model: data only. A regressor predicts the forward log return in units of volatility × √horizon, a classifier
 * the probability that it is positive.
 */
export interface Model {
  readonly algorithm: AlgorithmName;
  readonly scope: Scope;
  /** candles ahead */
  readonly horizon: number;
  readonly featureSet: { readonly name: string; readonly digest: string };
  /** the columns that it reads, in order */
  readonly features: readonly string[];
  /** rows that it learned from */
  readonly rows: number;
  /** What the training rows looked like. */
  readonly novelty: Novelty;
  readonly body: TreesBody | LinearBody;
}
