import type { Interval } from "../vocabulary/interval.ts";
import type { ModelName, Scope } from "../vocabulary/model-names.ts";

/**
 * What a person looks at to judge a symbol's models, beside the metrics in the manifest: data only, pictures are drawn
 * from it. Everything comes from out-of-sample predictions. Null is unknown.
 */
export interface SymbolReport {
  readonly schema: "candlecast.report/1";
  readonly symbol: string;
  readonly simulated: boolean;
  readonly scope: Scope;
  readonly interval: Interval;
  /** candles ahead */
  readonly horizon: number;
  /** Candles that the models were judged on: open times of the first and the last, and how many. */
  readonly tested: { readonly from: string; readonly to: string; readonly candles: number };
  /** What the pictures look at: the champion of its task, or else the model with the most skill. */
  readonly regressor: ModelName;
  readonly classifier: ModelName;
  /** The regressor's predictions in ten groups of equal size, against what came true; log returns. */
  readonly predictedAgainstActual: Curve;
  readonly cumulativeSkill: CumulativeSkill;
  /** Per classifier: probability of up in ten groups of equal size, against the share of rises. */
  readonly calibration: readonly Curve[];
  readonly coverage: IntervalCoverage;
  readonly importance: Importance | null;
  readonly explanation: Explanation;
}

export interface Curve {
  readonly model: ModelName;
  readonly bins: readonly CurveBin[];
}

export interface CurveBin {
  /** predictions in this group */
  readonly n: number;
  /** mean prediction */
  readonly predicted: number;
  /** mean of what came true */
  readonly actual: number;
  /** 95 % confidence interval of `actual`; null where undefined */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Skill of all predictions up to a date, so that the last value is the model's skill. */
export interface CumulativeSkill {
  /** open times of the last candle that was seen, ISO 8601 */
  readonly dates: readonly string[];
  readonly models: readonly {
    readonly model: ModelName;
    readonly baseline: "no_change" | "class_prior";
    /** one per date */
    readonly skill: readonly (number | null)[];
  }[];
}

/** How often the regressor's intervals, as they would have been given at the time, held what came true. */
export interface IntervalCoverage {
  readonly model: ModelName;
  readonly nominal: number;
  readonly folds: readonly {
    readonly fold: number;
    readonly from: string;
    readonly to: string;
    /** predictions with an interval; 0 in the first fold, which has no earlier errors to make one from */
    readonly n: number;
    readonly covered: number;
  }[];
}

/** How much larger the loss gets on the last fold when one feature's values are shuffled. */
export interface Importance {
  readonly model: ModelName;
  readonly loss: "rmse" | "brier";
  readonly from: string;
  readonly to: string;
  readonly rows: number;
  readonly repeats: number;
  /** largest first; `increase` is relative (0.01: one percent more), `deviation` its standard deviation over the repeats */
  readonly features: readonly { readonly name: string; readonly increase: number; readonly deviation: number }[];
}

/** no_champion: nothing is served that had reasons; low_fidelity: a few conditions don't do the model justice. */
export type ReasonWithheld = "no_champion" | "too_few_rows" | "steady_prediction" | "low_fidelity";

/** The champion's reasons for its newest prediction, in words, from a shallow tree that imitates it. */
export interface Explanation {
  /** null where no model is champion */
  readonly model: ModelName | null;
  /** The reasons, or why there are none. */
  readonly sentence: string;
  /** null where the sentence gives the reasons */
  readonly withheld: ReasonWithheld | null;
  /** R² of the tree against the model on newer rows than it was fitted to; null where undefined */
  readonly fidelity: number | null;
  /** rows that the tree was fitted to */
  readonly rows: number;
  /** newer rows that the fidelity was measured on */
  readonly heldOut: number;
}
