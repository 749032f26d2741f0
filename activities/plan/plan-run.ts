import { topCount } from "../../core/universe/selector.ts";
import { InvalidInputError } from "../../core/vocabulary/errors.ts";
import { isSimulated, sourceOrder } from "../../sources/create-sources.ts";
import type { PipelineInput } from "../../workflows/contract.ts";
import type { RunPlan, SymbolPlan } from "../../workflows/plan.ts";
import type { ActivityDependencies } from "../dependencies.ts";

/**
 * How far clocks of machines may lie apart. A run's clock is the Temporal server's; where a worker's is behind, it takes the
 * candles that have closed by its own.
 */
const CLOCK_SKEW_MS = 2 * 3_600_000;

/** Symbols at work at the same time, where nothing else is said; the sources' own limits hold besides. */
const PARALLELISM = 6;

/**
 * Settles what a run does: its input, completed from the worker's settings.
 *
 * @param input its symbols are named: selectors have been resolved
 * @throws {InvalidInputError} if `asOf` lies more than two hours in the future or a source is unknown
 */
export async function planRun(
  { settings, sources, now }: ActivityDependencies,
  input: PipelineInput & { symbols: readonly string[]; asOf: string },
): Promise<RunPlan> {
  const asOfMs = Date.parse(input.asOf);
  if (asOfMs > now() + CLOCK_SKEW_MS)
    throw new InvalidInputError(`asOf ${input.asOf} lies in the future: now is ${new Date(now()).toISOString()}`);
  return {
    asOf: new Date(asOfMs).toISOString(),
    interval: input.interval ?? settings.interval,
    horizon: input.horizon ?? settings.horizon,
    scope: input.scope ?? settings.scope,
    parallelism: input.parallelism ?? PARALLELISM,
    symbols: planSymbols({ settings, sources }, input.symbols, input.source),
  };
}

/** @throws {InvalidInputError} if the source is unknown, or a symbol stands for several */
export function planSymbols(
  { settings, sources }: Pick<ActivityDependencies, "settings" | "sources">,
  symbols: readonly string[],
  source: string | undefined,
): SymbolPlan[] {
  const setting = source ?? settings.source;
  if (setting !== "auto" && !sources[setting]) {
    throw new InvalidInputError(`source ${JSON.stringify(setting)} is not one of auto, ${Object.keys(sources).join(", ")}`);
  }
  const selector = symbols.find((symbol) => topCount(symbol) !== null);
  if (selector) throw new InvalidInputError(`${selector} stands for several symbols and was not resolved`);
  return symbols.map((symbol) => ({
    symbol,
    simulated: isSimulated(symbol),
    sources: sourceOrder({ source: setting, symbol, hasKey: settings.cryptocompareApiKey !== null }),
  }));
}
