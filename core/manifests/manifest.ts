import type { Interval } from "../vocabulary/interval.ts";
import type { BaselineName, LossName, ModelName, Role, Scope, Task } from "../vocabulary/model-names.ts";
import type { ObjectRef } from "../vocabulary/object-ref.ts";

/** Skill is 1 − loss / baseline's loss: positive is better than the baseline. Null: undefined for these data. */
export interface Skill {
  readonly baseline: BaselineName;
  readonly loss: LossName;
  readonly value: number | null;
  /** two-sided 95 % confidence interval, stationary block bootstrap over dates; null where there are too few dates */
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Conformal interval of a regressor: |error| ≤ q × volatility × √horizon with the named coverage, learned from n
 * out-of-sample errors of the symbol; q is null where these are too few, and `reason` says so.
 */
export interface ConformalInterval {
  readonly coverage: number;
  readonly q: number | null;
  readonly n: number;
  readonly reason: string | null;
}

/** Out-of-sample metrics by name (`rmse`, `mae`, `r2`, `directional_accuracy`, `log_loss`, `brier`, `auc`, …); null is undefined. */
export type Metrics = Readonly<Record<string, number | null>>;

export interface ModelEntry {
  readonly name: ModelName;
  readonly scope: Scope;
  readonly task: Task;
  /** The model file; null for the ensemble, whose members are the regressors of the same scope. */
  readonly file: ObjectRef | null;
  /** Number of out-of-sample predictions of this symbol behind the metrics. */
  readonly n: number;
  /** Metrics of this symbol. */
  readonly metrics: Metrics;
  /** Skill of this symbol against the better of its baselines; RMSE for regressors, Brier for classifiers. */
  readonly skill: Skill;
  /** The same over all symbols that the model was trained on, in units of volatility; equals `skill` where it is one. */
  readonly groupSkill: Skill;
  /** Lower bound of `groupSkill.value` that holds for all models of the group at once with 97.5 %: what the gate looks at. */
  readonly gateLower: number | null;
  /** Skill of this symbol, and of the group, against every baseline. */
  readonly skills: readonly Skill[];
  readonly groupSkills: readonly Skill[];
  /** What the baselines say: `no_change` and `drift` in units of volatility × √horizon, `class_prior` a probability of up. */
  readonly baselines: Readonly<Partial<Record<BaselineName, number>>>;
  readonly role: Role;
  /** Why it has this role, as a sentence. */
  readonly reason: string;
  /** Of the model's predictions; null for classifiers. */
  readonly interval: ConformalInterval | null;
  /** Of no change; null for classifiers. */
  readonly baselineInterval: ConformalInterval | null;
}

export interface SymbolEntry {
  readonly symbol: string;
  readonly source: string;
  readonly simulated: boolean;
  readonly status: "fresh" | "stale";
  /** Why it is stale, as a sentence; null where it is fresh. */
  readonly staleReason: string | null;
  /** Manifest version in which this entry was made. */
  readonly since: string;
  readonly candles: {
    readonly objects: readonly ObjectRef[];
    readonly rows: number;
    readonly firstOpenTime: string;
    readonly lastOpenTime: string;
    readonly missing: number;
  };
  readonly features: ObjectRef;
  /** Digest of everything that decides the training's outcome. */
  readonly trainingDigest: string;
  /** Every out-of-sample prediction. */
  readonly evaluation: ObjectRef;
  /** What a person looks at to judge the models; null where none was written. */
  readonly report: ObjectRef | null;
  readonly models: readonly ModelEntry[];
}

export interface Runtime {
  /** Node's version, as `24.21.0` */
  readonly node: string;
  /** as `linux-x64` */
  readonly platform: string;
}

/** Published, immutable; `manifests/latest.json` names the newest. */
export interface Manifest {
  readonly schema: "candlecast.manifest/1";
  readonly version: string;
  readonly previous: string | null;
  readonly createdAt: string;
  /** The run's clock: only candles closed by then were used. */
  readonly asOf: string;
  readonly workflow: { readonly id: string; readonly runId: string };
  readonly codeVersion: string;
  /** Where it was made: models' bytes depend on Node's version. Missing from manifests of older code. */
  readonly runtime?: Runtime;
  readonly interval: Interval;
  /** candles ahead */
  readonly horizon: number;
  readonly featureSet: { readonly name: string; readonly digest: string };
  readonly symbols: Readonly<Record<string, SymbolEntry>>;
  /** Where someone went back to the content of a former manifest: to which, from which, and why. Run and clock are the former's. */
  readonly rollback?: { readonly to: string; readonly from: string; readonly reason: string };
}
