import type { Interval } from "../vocabulary/interval.ts";
import type { BaselineName, ModelName, Role, Scope, Task } from "../vocabulary/model-names.ts";

/** What a model, or a baseline that can be served, said of a target candle when a manifest was published. Times are ms UTC. */
export interface KeptForecast {
  readonly symbol: string;
  readonly interval: Interval;
  /** candles ahead */
  readonly horizon: number;
  /** of the newest candle that the forecast knew */
  readonly asOfOpenTime: number;
  /** its close as it was then; null where the features can't be read */
  readonly asOfClose: number | null;
  readonly targetOpenTime: number;
  readonly targetCloseTime: number;
  readonly task: Task;
  readonly model: ModelName | BaselineName;
  /** null for a baseline */
  readonly scope: Scope | null;
  readonly role: Role | "baseline";
  /** Whether this is the answer that was served for its task. */
  readonly served: boolean;
  /** Codes of the reasons, with commas between them; null where it was not withheld. */
  readonly withheldReasons: string | null;
  /** forward log return; null for probabilities */
  readonly logReturn: number | null;
  readonly price: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** with which probability the target's close was to lie between `lower` and `upper` */
  readonly coverage: number | null;
  /** null for prices */
  readonly probabilityUp: number | null;
  /** what "no change" said; null for probabilities, and where the forecast was withheld */
  readonly baselineLogReturn: number | null;
  /** what the class prior said; null for prices, and where the forecast was withheld */
  readonly baselineProbabilityUp: number | null;
  readonly source: string;
  readonly simulated: boolean;
  /** the manifest's version */
  readonly manifest: string;
  /** the manifest that made the entry */
  readonly entrySince: string;
  readonly trainingDigest: string;
  readonly featureDigest: string;
  /** null for the ensemble and for baselines, which have no file */
  readonly modelSha256: string | null;
  /** when the manifest was made */
  readonly publishedAt: number;
  readonly runId: string;
}

/** Tells a forecast from all others of its interval. */
export function forecastId({ manifest, symbol, horizon, targetOpenTime, task, model, scope }: KeptForecast): string {
  return [manifest, symbol, horizon, targetOpenTime, task, model, scope].join(" ");
}

/** The order of forecasts in files: by target, then as they were published. */
export function compareForecasts(a: KeptForecast, b: KeptForecast): number {
  return (
    a.targetOpenTime - b.targetOpenTime ||
    a.publishedAt - b.publishedAt ||
    compareText(a.symbol, b.symbol) ||
    compareText(forecastId(a), forecastId(b))
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
