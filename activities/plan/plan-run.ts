import type { SymbolSources } from "../../core/universe/symbol-sources.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import type { Interval } from "../../core/vocabulary/interval.ts";
import type { ScopeChoice } from "../../core/vocabulary/model-names.ts";
import { chooseSources } from "../../sources/source-order.ts";
import type { ActivityDependencies } from "../dependencies.ts";
import { sourceChoice } from "./source-choice.ts";

/**
 * How far the clocks of two machines may differ. A run's clock is the Temporal server's; a worker whose clock is behind uses
 * the candles that have closed by its own clock.
 */
const CLOCK_SKEW_MS = 2 * 3_600_000;

/** Symbols at work at the same time, by default; the sources' own limits hold besides. */
const PARALLELISM = 32;

/** Symbols with models of their own have six steps each in the run's history. */
const MOST_OWN_MODELS = 500;

export interface PlanRunInput {
  /** Selectors have been resolved. */
  readonly symbols: readonly string[];
  /** ISO 8601 */
  readonly asOf: string;
  readonly interval?: Interval;
  readonly horizon?: number;
  readonly scope?: ScopeChoice;
  /** Name of a source, or `auto`. */
  readonly source?: string;
  readonly parallelism?: number;
}

/** Everything that a run's steps need, settled once at its start. */
export interface RunPlan {
  readonly asOf: string;
  readonly interval: Interval;
  /** candles ahead */
  readonly horizon: number;
  readonly scope: ScopeChoice;
  readonly parallelism: number;
  readonly symbols: readonly SymbolSources[];
}

/**
 * Settles what a run does: its input, completed from the worker's settings.
 *
 * @throws {InvalidInputError} if `asOf` lies more than two hours in the future, the source is unknown, or very many symbols were to have
 * models of their own
 */
export async function planRun({ settings, sources, now }: ActivityDependencies, input: PlanRunInput): Promise<RunPlan> {
  const asOfMs = Date.parse(input.asOf);
  if (asOfMs > now() + CLOCK_SKEW_MS)
    throw new InvalidInputError(`asOf ${input.asOf} lies in the future: it is now ${new Date(now()).toISOString()}`);
  const scope = input.scope ?? settings.scope;
  if (scope !== "pooled" && input.symbols.length > MOST_OWN_MODELS)
    throw new InvalidInputError(
      `scope ${scope} is for at most ${MOST_OWN_MODELS} symbols, and these are ${input.symbols.length}: use scope pooled for so many`,
    );
  return {
    asOf: new Date(asOfMs).toISOString(),
    interval: input.interval ?? settings.interval,
    horizon: input.horizon ?? settings.horizon,
    scope,
    parallelism: input.parallelism ?? PARALLELISM,
    symbols: chooseSources(sources, input.symbols, sourceChoice(settings, input.source)),
  };
}
