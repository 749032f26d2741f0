import { intervalMs, lastClosedOpenTime } from "../core/candles/interval.ts";
import { InvalidInputError } from "../core/errors.ts";
import type { BackfillInput } from "../workflows/contract.ts";
import type { BackfillPlan } from "../workflows/plan.ts";
import type { ActivityDependencies } from "./dependencies.ts";
import { planSymbols } from "./plan-run.ts";

/** Before this day no source has a candle: the first trade of bitcoin on an exchange. */
const FIRST_DAY = "2010-07-17";
const PARALLELISM = 4;

/**
 * Settles what a backfill does: closed candles only, on the interval's grid.
 *
 * @throws {InvalidInputError} if the range holds no closed candle
 */
export async function planBackfill(deps: ActivityDependencies, input: BackfillInput & { asOf: string }): Promise<BackfillPlan> {
  const interval = input.interval ?? deps.settings.interval;
  const step = intervalMs(interval);
  const onGrid = (time: string) => Math.ceil(Date.parse(time) / step) * step;
  const from = onGrid(input.from ?? FIRST_DAY);
  const end = lastClosedOpenTime(interval, Math.min(Date.parse(input.asOf), deps.now())) + step;
  const to = Math.min(input.to ? onGrid(input.to) : end, end);
  if (from >= to) {
    throw new InvalidInputError(
      `a backfill from ${new Date(from).toISOString()} to ${new Date(to).toISOString()} holds no closed ${interval} candle`,
    );
  }
  return {
    interval,
    asOf: input.asOf,
    range: { from, to },
    symbols: planSymbols(deps, input.symbols, input.source),
    parallelism: input.parallelism ?? PARALLELISM,
  };
}
